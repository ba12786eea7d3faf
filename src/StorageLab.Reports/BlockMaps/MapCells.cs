using StorageLab.Model.Maps;

namespace StorageLab.Reports.BlockMaps;

/// <summary>Block maps in cells, and what changes from one to the next.</summary>
internal static class MapCells
{
    /// <summary>A map in cells of its own size; a cell takes after the longest run in it.</summary>
    /// <returns>Pieces in order, without free ones.</returns>
    public static List<MapPiece> Of(DiskMap map)
    {
        List<MapPiece> pieces = [];
        long longest = 0;
        foreach (DiskRun run in map.Runs)
        {
            long first = run.StartBytes / map.CellBytes;
            long last = (run.EndBytes - 1) / map.CellBytes;
            long headBytes = Math.Min(run.EndBytes, (first + 1) * map.CellBytes) - run.StartBytes;
            if (pieces.Count > 0 && pieces[^1].End > first)
            {
                if (headBytes <= longest)
                {
                    first++;
                    longest = first > last ? longest : 0;
                }
                else
                {
                    pieces[^1] = pieces[^1] with { Count = pieces[^1].Count - 1 };
                    if (pieces[^1].Count == 0)
                        pieces.RemoveAt(pieces.Count - 1);
                }
            }

            if (first > last)
                continue;
            longest = run.EndBytes - Math.Max(run.StartBytes, last * map.CellBytes);
            Append(pieces, new MapPiece(first, last - first + 1, run.Use, run.Owner));
        }

        return pieces;
    }

    /// <summary>The pieces in which a map differs from the one before; free ones where it has nothing any more.</summary>
    public static IEnumerable<MapPiece> Changes(List<MapPiece> before, List<MapPiece> after)
    {
        List<MapPiece> changes = [];
        int old = 0, now = 0;
        for (long at = 0; old < before.Count || now < after.Count;)
        {
            MapPiece left = At(before, old, at);
            MapPiece right = At(after, now, at);
            long end = Math.Min(left.End, right.End);
            if (left.Use != right.Use || left.Owner != right.Owner)
                Append(changes, new MapPiece(at, end - at, right.Use, right.Owner));
            at = end;
            old += old < before.Count && before[old].End <= at ? 1 : 0;
            now += now < after.Count && after[now].End <= at ? 1 : 0;
        }

        return changes;
    }

    /// <summary>What a map holds from a cell on: a piece, or nothing until the next one.</summary>
    private static MapPiece At(List<MapPiece> pieces, int index, long at)
    {
        if (index >= pieces.Count)
            return new MapPiece(at, long.MaxValue - at, BlockUse.Free, 0);
        MapPiece piece = pieces[index];
        return piece.Start <= at ? piece : new MapPiece(at, piece.Start - at, BlockUse.Free, 0);
    }

    private static void Append(List<MapPiece> pieces, MapPiece piece)
    {
        if (pieces.Count > 0 && pieces[^1] is var last && last.End == piece.Start && last.Use == piece.Use && last.Owner == piece.Owner)
            pieces[^1] = last with { Count = last.Count + piece.Count };
        else
            pieces.Add(piece);
    }
}
