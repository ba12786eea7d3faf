using System.Buffers;
using System.Buffers.Text;
using System.Text;
using StorageLab.Model.Measurement;

namespace StorageLab.Reports;

/// <summary>Writes samples as RFC 4180 rows in UTF-8 with <c>\n</c> line ends; the same samples give the same bytes everywhere.</summary>
/// <remarks>Formats straight into bytes: a year of builds is 400,000 rows of 77 cells, which CsvHelper's one string per cell
/// would take several times as long to write as the model takes to compute. Reading back goes through CsvHelper.
/// Not safe for use from several threads at once; does not close the stream.</remarks>
public sealed class SamplesCsvWriter(Stream stream)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Room for any number and its comma: the sign and 20 digits of a 64-bit one.</summary>
    private const int NumberBytesMax = 24;

    private static readonly SampleColumn[] Columns = [.. SampleColumn.All];
    private static readonly SearchValues<char> MustQuote = SearchValues.Create(",\"\r\n");

    private byte[] _buffer = new byte[BufferBytes];
    private int _length;

    public void WriteHeader()
    {
        foreach (SampleColumn column in Columns)
            Append(column.Name);
        EndRow();
    }

    public void Write(Sample sample)
    {
        foreach (SampleColumn column in Columns)
        {
            if (column.Number is not null)
                Append(column.Number(sample));
            else if (column.Text is not null)
                Append(column.Text(sample));
            else if (column.Unsigned is not null)
                Append(column.Unsigned(sample));
        }
        EndRow();
    }

    /// <summary>Hands what is buffered to the stream.</summary>
    public void Flush()
    {
        stream.Write(_buffer, 0, _length);
        _length = 0;
    }

    private void EndRow()
    {
        _buffer[_length - 1] = (byte)'\n';
        if (_length > BufferBytes / 2)
            Flush();
    }

    private void Append(long? number)
    {
        Reserve(NumberBytesMax);
        if (number is { } value)
        {
            Utf8Formatter.TryFormat(value, _buffer.AsSpan(_length), out int written);
            _length += written;
        }
        _buffer[_length++] = (byte)',';
    }

    private void Append(ulong number)
    {
        Reserve(NumberBytesMax);
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(_length), out int written);
        _length += written;
        _buffer[_length++] = (byte)',';
    }

    private void Append(string? text)
    {
        string cell = CsvText.Escape(text ?? "");
        if (cell.AsSpan().ContainsAny(MustQuote))
            cell = "\"" + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        Reserve(Encoding.UTF8.GetMaxByteCount(cell.Length) + 1);
        _length += Encoding.UTF8.GetBytes(cell, _buffer.AsSpan(_length));
        _buffer[_length++] = (byte)',';
    }

    private void Reserve(int lengthBytes)
    {
        if (_buffer.Length - _length < lengthBytes)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + lengthBytes));
    }
}
