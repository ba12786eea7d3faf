using System.Collections.Immutable;
using System.Globalization;
using StorageLab.Model.Drivers;
using StorageLab.Model.Images;
using StorageLab.Model.Replay;
using StorageLab.Scenarios.Traces;

namespace StorageLab.Scenarios.Workloads;

/// <summary>A host's days as a scenario: every day new versions are pulled, a container of the newest writes, yesterday's goes, old versions are removed.</summary>
public sealed class WorkloadScenario
{
    private const string Reference = "app";

    private readonly List<int> _lastStepOfDay = [];

    private WorkloadScenario(Scenario scenario) => Scenario = scenario;

    public Scenario Scenario { get; private set; }

    /// <summary>Index of a day's last step; days count from 1.</summary>
    public int LastStepOf(int day) => _lastStepOfDay[day - 1];

    /// <summary>The day a step belongs to.</summary>
    public int DayOf(int step)
    {
        int index = _lastStepOfDay.BinarySearch(step);
        return (index < 0 ? ~index : index) + 1;
    }

    /// <param name="dayCount">At least 1.</param>
    public static WorkloadScenario Of(HostWorkload workload, int dayCount, ImmutableArray<VariantSpec> variants, ScenarioLibrary library)
    {
        NameTable names = new();
        SyntheticImages images = new(ImageCatalog.Open(library.CatalogFolder, names), names);
        List<Step> steps = [];
        WorkloadScenario made = new(new Scenario
        {
            Name = "forecast",
            Title = "What this host will look like",
            Seed = 1,
            Variants = variants,
            Names = names,
            StepCount = 0,
            Steps = [],
        });
        Queue<(int Day, string Tag)> kept = new();
        double due = 0;
        var version = 0;
        string? container = null;
        ContainerPath path = ContainerPath.Parse(names, "/var/lib/app/data");
        for (var day = 1; day <= dayCount; day++)
        {
            for (due += workload.ImagesPerWeek / 7; due >= 1; due--)
            {
                string tag = $"{Reference}:{(++version).ToString(CultureInfo.InvariantCulture)}";
                steps.Add(new Step.Pull(images.OfParts(tag, $"{Reference} base", workload.ImageBytes, workload.Churn)));
                kept.Enqueue((day, tag));
            }

            if (kept.Count > 0)
            {
                if (container is not null)
                    steps.Add(new Step.RemoveContainer(container, Force: true));
                container = $"app-{day.ToString(CultureInfo.InvariantCulture)}";
                steps.Add(new Step.Run(kept.Last().Tag, container));
                if (workload.ContainerBytesPerDay > 0)
                    steps.Add(new Step.Write(container, [new ContainerOperation.Create(path, workload.ContainerBytesPerDay, 1 << 20, FsyncPolicy.End)]));
            }

            // The newest version stays, because a container stands on it.
            while (kept.Count > 1 && kept.Peek().Day <= day - (7 * workload.KeptWeeks))
                steps.Add(new Step.RemoveImage(kept.Dequeue().Tag, Force: false));
            steps.Add(new Step.Observe());
            made._lastStepOfDay.Add(steps.Count);
        }

        made.Scenario = made.Scenario with { Steps = steps, StepCount = steps.Count };
        return made;
    }
}
