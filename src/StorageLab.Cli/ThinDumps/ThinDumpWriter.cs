using StorageLab.Cli.Verbs;
using StorageLab.Model.Drivers;
using StorageLab.Model.Measurement;
using StorageLab.Model.Replay;
using StorageLab.Reports;

namespace StorageLab.Cli.ThinDumps;

/// <summary>Leaves what the pools of a run map at its end, a file per variant, in the form of thin_dump.</summary>
/// <param name="folder">Made when the first file is written.</param>
internal sealed class ThinDumpWriter(string folder)
{
    /// <summary>Replays a variant and writes its pool after the last sample, also when the run was interrupted; a driver without a pool leaves nothing.</summary>
    /// <exception cref="IOException">The file could not be written.</exception>
    /// <exception cref="StorageLab.Scenarios.InputException">The host cannot hold the driver.</exception>
    public IEnumerable<Sample> ReplayAndDump(Scenario scenario, VariantSpec variant, VariantRecorder maps, CancellationToken stop)
    {
        Replayer replayer = RunVerb.Install(scenario, variant);
        foreach (Sample sample in RunVerb.WithMaps(replayer.Run(stop), replayer.Host, maps))
            yield return sample;
        if (replayer.Driver is not DevicemapperDriver devicemapper)
            yield break;
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, RunSettings.FileNameOf(variant.Name) + ".xml");
        AtomicFile.Write(path, stream =>
        {
            using StreamWriter writer = new(stream);
            devicemapper.Pool.WriteXml(writer);
        });
    }
}
