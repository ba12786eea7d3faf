namespace StorageLab.Shell.Docker.Builds;

/// <summary>One instruction of a Dockerfile.</summary>
/// <param name="Line">Its first line, from 1.</param>
/// <param name="Keyword">In upper case.</param>
/// <param name="Rest">What follows it, with the flags before the arguments taken out.</param>
/// <param name="Text">The whole instruction as the builder shows it.</param>
/// <param name="Flags">Such as <c>--chown=root</c>.</param>
internal sealed record DockerfileInstruction(int Line, string Keyword, string Rest, string Text, IReadOnlyList<string> Flags);
