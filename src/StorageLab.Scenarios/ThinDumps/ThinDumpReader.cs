using System.Globalization;
using System.Xml;
using StorageLab.Model.Blocks;
using StorageLab.Model.ThinProvisioning;

namespace StorageLab.Scenarios.ThinDumps;

/// <summary>Reads the XML that thin_dump writes of a pool's metadata, plain or gzip, as a stream.</summary>
/// <remarks>
/// Elements: <c>superblock</c> with <c>device</c>s of <c>single_mapping</c>s and <c>range_mapping</c>s; from version 1.0 on a <c>def</c> holds mappings that
/// several devices share, and a <c>ref</c> stands for them. Source: thin-provisioning-tools 0.9 and 1.0 (thin/xml).
/// </remarks>
public sealed class ThinDumpReader
{
    /// <summary>Data blocks of a pool: 16 TiB of 64 KiB blocks. Two bits are kept for each.</summary>
    private const long DataBlockCountMax = 1 << 28;

    /// <summary>Devices of a pool; Docker hosts have hundreds.</summary>
    private const int DeviceCountMax = 100_000;

    /// <summary>Mappings of all devices, references followed: 2 TiB of 64 KiB blocks.</summary>
    private const long MappedBlockCountMax = 1 << 25;

    /// <summary>Runs of all definitions, which are kept in memory.</summary>
    private const long DefinedRunCountMax = 1 << 22;

    private readonly string _path;
    private readonly XmlReader _xml;
    private readonly Dictionary<string, List<ThinMappingRun>> _definitions = new(StringComparer.Ordinal);
    private readonly HashSet<long> _devices = [];
    private long _dataBlockCount;
    private long _timeMax;
    private long _mappedBlockCount;
    private long _definedRunCount;

    private ThinDumpReader(string path, XmlReader xml) => (_path, _xml) = (path, xml);

    private IXmlLineInfo Place => (IXmlLineInfo)_xml;

    /// <summary>Reads a dump.</summary>
    /// <param name="use">Gets the contents; devices and their mappings are read as it asks for them, once and in order.</param>
    /// <exception cref="InputException">The file is missing, truncated or malformed, or says what no pool can hold.</exception>
    public static T Read<T>(string path, Func<ThinDumpHeader, ThinPoolContents, T> use)
    {
        XmlReaderSettings settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreWhitespace = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            using Stream content = GzipFile.Unpacked(file);
            using BoundedTagReader text = new(new StreamReader(content));
            using XmlReader xml = XmlReader.Create(text, settings);
            return new ThinDumpReader(path, xml).ReadSuperblock(use);
        }
        catch (XmlException e)
        {
            string message = e.Message.Split(" Line ", 2)[0].TrimEnd('.');
            throw new InputException([new InputProblem(path, Math.Max(1, e.LineNumber), Math.Max(1, e.LinePosition), $"not a dump: {LayerLimits.ShownLine(message)}")]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(path, "there is no such file; thin_dump DEVICE > FILE makes one");
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException(path, $"cannot be read as a dump: {LayerLimits.ShownLine(e.Message.TrimEnd('.'))}");
        }
    }

    /// <summary>Counts the devices of a dump and the blocks they map, shared ones once for each.</summary>
    /// <exception cref="InputException">As for <see cref="Read{T}"/>.</exception>
    public static (int DeviceCount, long MappedBlockCount) Count(string path) => Read(path, (_, contents) =>
    {
        (int devices, long blocks) = (0, 0);
        foreach (ThinDeviceContents device in contents.Devices)
        {
            devices++;
            blocks += device.Mappings.Sum(run => run.BlockCount);
        }

        return (devices, blocks);
    });

    private T ReadSuperblock<T>(Func<ThinDumpHeader, ThinPoolContents, T> use)
    {
        if (_xml.MoveToContent() != XmlNodeType.Element || _xml.Name != "superblock")
            throw Bad($"begins with '{LayerLimits.Shown(_xml.Name)}'; a dump begins with a superblock");
        long blockBytes = Number("data_block_size", ThinPoolOptions.DataBlockBytesMax / DeviceLimits.SectorBytes) * DeviceLimits.SectorBytes;
        if (blockBytes == 0 || blockBytes % ThinPoolOptions.DataBlockBytesMin != 0)
            throw Bad($"data_block_size is {blockBytes / DeviceLimits.SectorBytes}; it is a multiple of {ThinPoolOptions.DataBlockBytesMin / DeviceLimits.SectorBytes} sectors");
        _dataBlockCount = Number("nr_data_blocks", DataBlockCountMax);
        if (_dataBlockCount == 0)
            throw Bad("nr_data_blocks is 0; a pool has blocks");
        _timeMax = Number("time", ThinPool.TimeMax);
        ThinPoolContents contents = new((uint)_timeMax, Number("transaction", long.MaxValue), ReadDevices());
        T result = use(new ThinDumpHeader(blockBytes, (int)_dataBlockCount), contents);
        // What the caller did not ask for is checked all the same, up to the last byte.
        while (_xml.Read())
        {
        }

        return result;
    }

    private IEnumerable<ThinDeviceContents> ReadDevices()
    {
        if (_xml.IsEmptyElement)
            yield break;
        while (ReadChild("superblock"))
        {
            if (_xml.Name == "def")
            {
                ReadDefinition();
                continue;
            }

            if (_xml.Name != "device")
                throw Bad($"'{LayerLimits.Shown(_xml.Name)}' in a superblock; it holds devices");
            (int line, int column) = (Place.LineNumber, Place.LinePosition);
            long id = Number("dev_id", ThinPool.DeviceIdMax);
            if (!_devices.Add(id))
                throw Bad($"device {id} is there twice");
            if (_devices.Count > DeviceCountMax)
                throw Bad($"more than {DeviceCountMax} devices");
            long mapped = Number("mapped_blocks", uint.MaxValue);
            uint created = (uint)Number("creation_time", _timeMax);
            uint snapshotted = (uint)Number("snap_time", _timeMax);
            yield return new ThinDeviceContents((int)id, Number("transaction", long.MaxValue), created, snapshotted, ReadDevice(id, mapped, line, column));
        }
    }

    private IEnumerable<ThinMappingRun> ReadDevice(long id, long mapped, int line, int column)
    {
        (long next, long count) = (0, 0);
        foreach (ThinMappingRun run in ReadMappings("device"))
        {
            if (run.VirtualBlock < next)
                throw Bad($"device {id} maps block {run.VirtualBlock} after block {next - 1}; mappings are in ascending order, none twice");
            next = run.VirtualBlock + run.BlockCount;
            count += run.BlockCount;
            _mappedBlockCount += run.BlockCount;
            if (_mappedBlockCount > MappedBlockCountMax)
                throw Bad($"more than {MappedBlockCountMax} mappings");
            yield return run;
        }

        if (count != mapped)
            throw new InputException([new InputProblem(_path, line, column, $"device {id} has mapped_blocks {mapped}, but {count} mappings")]);
    }

    private void ReadDefinition()
    {
        string name = Text("name");
        (int line, int column) = (Place.LineNumber, Place.LinePosition);
        List<ThinMappingRun> runs = [];
        foreach (ThinMappingRun run in ReadMappings("def"))
        {
            if (++_definedRunCount > DefinedRunCountMax)
                throw Bad($"more than {DefinedRunCountMax} shared runs of mappings");
            runs.Add(run);
        }

        if (!_definitions.TryAdd(name, runs))
            throw new InputException([new InputProblem(_path, line, column, $"def '{LayerLimits.Shown(name)}' is there twice")]);
    }

    private IEnumerable<ThinMappingRun> ReadMappings(string parent)
    {
        if (_xml.IsEmptyElement)
            yield break;
        while (ReadChild(parent))
        {
            switch (_xml.Name)
            {
                case "single_mapping":
                    yield return Mapping("origin_block", "data_block", 1);
                    break;
                case "range_mapping":
                    yield return Mapping("origin_begin", "data_begin", Number("length", uint.MaxValue));
                    break;
                case "ref":
                    string name = Text("name");
                    if (!_definitions.TryGetValue(name, out List<ThinMappingRun>? shared))
                        throw Bad($"ref '{LayerLimits.Shown(name)}' has no def before it");
                    foreach (ThinMappingRun run in shared)
                        yield return run;
                    break;
                default:
                    throw Bad($"'{LayerLimits.Shown(_xml.Name)}' in a {parent}; it holds single_mapping, range_mapping and ref");
            }
        }
    }

    private ThinMappingRun Mapping(string originName, string dataName, long length)
    {
        if (!_xml.IsEmptyElement)
            throw Bad($"a {_xml.Name} holds nothing");
        if (length == 0)
            throw Bad("length is 0; a range has blocks");
        ThinMappingRun run = new(Number(originName, uint.MaxValue - 1), Number(dataName, _dataBlockCount - 1), length, (uint)Number("time", _timeMax));
        if (length >= uint.MaxValue - run.VirtualBlock)
            throw Bad($"{length} blocks from {run.VirtualBlock} on are more than a device can have");
        return length <= _dataBlockCount - run.DataBlock
            ? run
            : throw Bad($"{length} blocks from data block {run.DataBlock} on are outside a pool of {_dataBlockCount} blocks");
    }

    /// <summary>Goes to the next element inside the current one; false at its end.</summary>
    private bool ReadChild(string parent)
    {
        while (_xml.Read() && _xml.NodeType != XmlNodeType.EndElement)
        {
            if (_xml.NodeType == XmlNodeType.Element)
                return true;
            throw Bad($"text in a {parent}; it holds elements");
        }

        return false;
    }

    private string Text(string attribute) => _xml.GetAttribute(attribute) ?? throw Bad($"{_xml.Name} has no {attribute}");

    private long Number(string attribute, long most)
    {
        string text = Text(attribute);
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            throw Bad($"{attribute} is '{LayerLimits.Shown(text)}'; it is a whole number from 0 up");
        return value <= most ? value : throw Bad($"{attribute} is {value}; it is at most {most}");
    }

    private InputException Bad(string message) => new([new InputProblem(_path, Place.LineNumber, Place.LinePosition, message)]);
}
