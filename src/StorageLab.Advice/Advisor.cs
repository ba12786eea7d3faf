using System.Collections.Immutable;
using StorageLab.Advice.Hosts;
using StorageLab.Advice.Rules;
using StorageLab.Model.Drivers;

namespace StorageLab.Advice;

/// <summary>Decides on a driver for a host, from what is known of it and the rules.</summary>
public static class Advisor
{
    private static readonly string[] ByPreference = [DriverNames.Overlay2, DriverNames.DirectLvm, DriverNames.LoopLvm];

    public static Recommendation For(HostFacts host)
    {
        ImmutableArray<DriverVerdict> verdicts = [.. ByPreference.Select(driver => Judge(driver, host)).OrderBy(verdict => verdict.Verdict)];
        List<string> reasons = [];
        DriverVerdict overlay = verdicts.First(verdict => verdict.Driver == DriverNames.Overlay2);
        DriverVerdict direct = verdicts.First(verdict => verdict.Driver == DriverNames.DirectLvm);
        string? choice = overlay.Verdict <= RuleVerdict.Conditional ? DriverNames.Overlay2 : null;
        if (choice is not null)
        {
            reasons.Add($"overlay2: {overlay.Reason}; it keeps layers as directories of the host's own file system, gives deleted space back at once, and shares page cache between containers of one image");
        }
        else
        {
            reasons.Add($"overlay2 is out as the host is: {overlay.Reason}");
            bool hasDisk = !host.SpareDisks.IsEmpty;
            bool isFileSystemAtFault = Judge(DriverNames.Overlay2, host with { BackingFileSystem = "xfs", HasFileTypes = true }).Verdict <= RuleVerdict.Conditional;
            if (isFileSystemAtFault && hasDisk)
            {
                choice = DriverNames.Overlay2;
                reasons.Add($"a new xfs with ftype=1 on {host.SpareDisks[0].Path} for {host.DockerRoot} puts that right, and is better than direct-lvm on the same disk");
            }
            else if (direct.Verdict <= RuleVerdict.Deprecated && (hasDisk || !host.KnowsDisks))
            {
                choice = DriverNames.DirectLvm;
                reasons.Add($"direct-lvm: {direct.Reason}{(hasDisk ? $"; {host.SpareDisks[0].Path} is free for it" : "; it needs a disk of its own")}");
            }
            else if (direct.Verdict <= RuleVerdict.Deprecated)
            {
                reasons.Add("direct-lvm would work, but there is no spare disk: add one, or newly install the host with a kernel and a file system for overlay2; loop-lvm is for tests only");
            }
            else
            {
                reasons.Add($"direct-lvm is out, too: {direct.Reason}");
            }
        }

        if (host.Driver == DriverNames.LoopLvm && choice is not null)
            reasons.Add("staying on loop-lvm costs what the table says: its sparse file holds what Docker has deleted wherever a discard is lost");
        return new Recommendation(choice, verdicts, [.. reasons], [.. Unknowns(host)]);
    }

    private static DriverVerdict Judge(string driver, HostFacts host)
    {
        ImmutableArray<DriverRule> held = [.. DriverRules.All.Where(rule => rule.Driver == driver && rule.Holds(host))];
        ImmutableArray<DriverRule> refusing = [.. held.Where(rule => rule.Verdict == RuleVerdict.Refuse)];
        if (!refusing.IsEmpty)
            return new DriverVerdict(driver, RuleVerdict.Refuse, refusing, string.Join("; ", refusing.Select(rule => rule.Reason)));
        return held.MinBy(rule => rule.Verdict) is { } best
            ? new DriverVerdict(driver, best.Verdict, [best], best.Reason)
            : new DriverVerdict(driver, RuleVerdict.Refuse, [], $"no rule allows {driver} here: {Lacks(driver)}");
    }

    private static string Lacks(string driver) => driver == DriverNames.Overlay2
        ? "it needs Linux 4.0, or 3.10.0-514 of CentOS and RHEL 7.3 or newer, Docker 1.12 or newer, and xfs (ftype=1) or ext4 below"
        : "it needs Linux 3.10 and a Docker before 25.0";

    private static IEnumerable<string> Unknowns(HostFacts host)
    {
        if (host.Kernel is null)
            yield return "the kernel is not known; one that is new enough was assumed (uname -r tells)";
        if (host.DockerVersion is null)
            yield return "Docker's version is not known; 20.10 was assumed (docker info tells)";
        if (host.BackingFileSystem is null)
            yield return $"the file system of {host.DockerRoot} is not known; xfs was assumed (df -T tells)";
        if (host.HasFileTypes is null)
            yield return $"whether {host.DockerRoot} tells file types is not known; ftype=1 was assumed (xfs_info tells)";
        if (!host.KnowsDisks)
            yield return "whether there is a spare disk is not known (lsblk -J tells)";
        if (host.RootTotalBytes is null)
            yield return $"size and free space of {host.DockerRoot} are not known (df -PTB1 tells)";
    }
}
