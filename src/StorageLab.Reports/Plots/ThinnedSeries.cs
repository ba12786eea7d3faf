namespace StorageLab.Reports.Plots;

/// <summary>A curve kept at the resolution of a plot: per column the lowest, the highest and the last value, in constant memory.</summary>
/// <remarks>A spike of one step in 100,000 stays visible, which averaging or taking every n-th point would lose.</remarks>
internal sealed class ThinnedSeries
{
    /// <summary>Columns kept: about the pixels that a plot of 1000 gives its data.</summary>
    private const int ColumnCount = 900;

    private readonly int _stepsPerColumn;
    private readonly List<Column> _columns = [];

    /// <param name="plannedStepCount">Highest step index to come; more only makes the curve coarser than it could be.</param>
    public ThinnedSeries(int plannedStepCount) => _stepsPerColumn = 1 + plannedStepCount / ColumnCount;

    /// <summary>Takes the next value; steps come in rising order.</summary>
    public void Add(int step, double value)
    {
        int index = step / _stepsPerColumn;
        if (_columns.Count == 0 || _columns[^1].Index != index)
        {
            _columns.Add(new Column(index, new Point(step, value)));
            return;
        }
        Column column = _columns[^1];
        column.Add(new Point(step, value));
        _columns[^1] = column;
    }

    /// <summary>The points in the order of their steps.</summary>
    public List<Point> ToPoints()
    {
        List<Point> points = new(_columns.Count * 3);
        foreach (Column column in _columns)
        {
            Point[] inColumn = [column.Lowest, column.Highest, column.Last];
            points.AddRange(inColumn.Distinct().OrderBy(p => p.Step));
        }
        return points;
    }

    public readonly record struct Point(int Step, double Value);

    private struct Column(int index, Point first)
    {
        public readonly int Index => index;

        public Point Lowest { get; private set; } = first;

        public Point Highest { get; private set; } = first;

        public Point Last { get; private set; } = first;

        public void Add(Point point)
        {
            if (point.Value < Lowest.Value)
                Lowest = point;
            if (point.Value > Highest.Value)
                Highest = point;
            Last = point;
        }
    }
}
