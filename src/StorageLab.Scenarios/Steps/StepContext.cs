using StorageLab.Model.Images;
using StorageLab.Scenarios.Yaml;

namespace StorageLab.Scenarios.Steps;

/// <summary>What reading steps needs: where problems go, the run's names, and the images that can be pulled.</summary>
/// <param name="FindImage">Loads an image by key or tag; throws <see cref="Values.ValueException"/> when there is none.</param>
internal sealed record StepContext(ProblemList Problems, NameTable Names, Func<string, ImageDefinition> FindImage);
