using StorageLab.Model.Drivers;
using StorageLab.Model.Replay;

namespace StorageLab.Model.Maps;

/// <summary>Reads what lies where on a host's storage, again and again while it changes.</summary>
/// <remarks>Reading writes nothing and costs no virtual time. What a reading remembers is who wrote a block last and what cannot change:
/// the files of layers.</remarks>
public sealed class DiskMapper
{
    private readonly LabHost _host;
    private readonly BlockOwners _owners = new();
    private readonly Func<DiskMap> _read;

    public DiskMapper(LabHost host)
    {
        _host = host;
        _read = host.Driver is DevicemapperDriver driver
            ? new PoolMap(driver, host.Machine.FileSystem, _owners).Read
            : new FileSystemMap(host, _owners).Read;
    }

    /// <summary>The storage as it is now.</summary>
    public DiskMap Read()
    {
        _owners.Update(_host.Engine);
        return _read();
    }
}
