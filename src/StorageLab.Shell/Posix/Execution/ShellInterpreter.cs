using System.Collections.Immutable;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Shell.Posix.Execution;

/// <summary>Runs what <see cref="ScriptParser"/> has parsed.</summary>
/// <remarks>
/// The commands of a pipe run one after another, each in a subshell, the first to its end before the next begins: none of them can run for
/// ever. Source: POSIX.1-2017, Shell Command Language, 2.9.
/// </remarks>
public sealed class ShellInterpreter(CommandTable commands, ShellState state, ScriptText text, CancellationToken cancellation)
{
    /// <summary>Commands run so far, shared with the subshells.</summary>
    private readonly CommandCounter _counter = new();

    /// <summary>Status of the last substitution in the command that is being expanded.</summary>
    private int _substitutionStatus;

    private ShellInterpreter(ShellInterpreter parent, ShellState fork)
        : this(parent.Commands, fork, parent.Text, parent.Cancellation)
    {
        _counter = parent._counter;
        CommandCountMax = parent.CommandCountMax;
    }

    /// <summary>Commands that one script may run; a loop that runs more has no end.</summary>
    public int CommandCountMax { get; init; } = 1_000_000;

    public ShellState State => state;

    private CommandTable Commands => commands;

    private ScriptText Text => text;

    private CancellationToken Cancellation => cancellation;

    /// <summary>Runs a command of the script.</summary>
    /// <returns>Its exit status.</returns>
    /// <exception cref="ScriptException">It asks for what the lab does not support.</exception>
    /// <exception cref="OperationCanceledException">Between two commands the run was cancelled.</exception>
    public int Run(ShellNode node, ShellStreams streams)
    {
        int status = node switch
        {
            ShellNode.Simple simple => RunSimple(simple, streams),
            ShellNode.Sequence sequence => RunSequence(sequence.Commands, streams),
            ShellNode.AndOr andOr => RunAndOr(andOr, streams),
            ShellNode.Pipeline pipeline => RunPipeline(pipeline, streams),
            ShellNode.If condition => RunIf(condition, streams),
            ShellNode.For loop => RunFor(loop, streams),
            ShellNode.While loop => RunWhile(loop, streams),
            ShellNode.Subshell subshell => new ShellInterpreter(this, state.Fork()).Run(subshell.Body, streams),
            ShellNode.Redirected redirected => RunRedirected(redirected, streams),
            _ => throw new ArgumentOutOfRangeException(nameof(node), node, "no such command"),
        };
        state.Status = status;
        if (status != 0 && state is { ExitsOnError: true, ConditionDepth: 0, Flow: ShellFlow.None } && node is ShellNode.Simple or ShellNode.Subshell or ShellNode.Pipeline { IsNegated: false })
            state.Flow = ShellFlow.Exit;
        return status;
    }

    private int RunSequence(ImmutableArray<ShellNode> sequence, ShellStreams streams)
    {
        var status = 0;
        foreach (ShellNode node in sequence)
        {
            status = Run(node, streams);
            if (state.Flow != ShellFlow.None)
                break;
        }

        return status;
    }

    private int RunAndOr(ShellNode.AndOr andOr, ShellStreams streams)
    {
        int status = RunCondition(andOr.First, streams);
        for (var index = 0; index < andOr.Rest.Length && state.Flow == ShellFlow.None; index++)
        {
            AndOrPart part = andOr.Rest[index];
            if (part.AfterSuccess != (status == 0))
                continue;
            status = index == andOr.Rest.Length - 1 ? Run(part.Command, streams) : RunCondition(part.Command, streams);
        }

        return status;
    }

    private int RunCondition(ShellNode node, ShellStreams streams)
    {
        state.ConditionDepth++;
        int status = Run(node, streams);
        state.ConditionDepth--;
        return status;
    }

    private int RunPipeline(ShellNode.Pipeline pipeline, ShellStreams streams)
    {
        if (pipeline.Stages.Length == 1)
            return RunCondition(pipeline.Stages[0], streams) == 0 ? 1 : 0;
        TextReader input = streams.Input;
        var status = 0;
        var failure = 0;
        for (var index = 0; index < pipeline.Stages.Length; index++)
        {
            bool isLast = index == pipeline.Stages.Length - 1;
            CapturedOutput output = new();
            ShellInterpreter stage = new(this, state.Fork());
            status = stage.Run(pipeline.Stages[index], new ShellStreams(input, isLast ? streams.Output : output, streams.Error)
            {
                IsInputRedirected = index > 0 || streams.IsInputRedirected,
                IsOutputRedirected = !isLast || streams.IsOutputRedirected,
                OutputFile = isLast ? streams.OutputFile : null,
            });
            failure = status != 0 ? status : failure;
            input = new StringReader(output.ToString());
        }

        status = state.PipeFails ? failure : status;
        return pipeline.IsNegated ? (status == 0 ? 1 : 0) : status;
    }

    private int RunIf(ShellNode.If condition, ShellStreams streams)
    {
        int status = RunCondition(condition.Condition, streams);
        if (state.Flow != ShellFlow.None)
            return status;
        if (status == 0)
            return Run(condition.Then, streams);
        return condition.Else is { } otherwise ? Run(otherwise, streams) : 0;
    }

    private int RunFor(ShellNode.For loop, ShellStreams streams)
    {
        var status = 0;
        foreach (string word in Expander(streams).Fields(loop.Words).Fields)
        {
            state.Set(loop.Variable, word);
            if (!RunBody(loop.Body, streams, out status))
                break;
        }

        return status;
    }

    private int RunWhile(ShellNode.While loop, ShellStreams streams)
    {
        var status = 0;
        while (true)
        {
            Count(loop.Place);
            bool holds = RunCondition(loop.Condition, streams) == 0;
            if (state.Flow != ShellFlow.None || holds == loop.IsUntil || !RunBody(loop.Body, streams, out status))
                return status;
        }
    }

    /// <summary>Runs a loop's body once.</summary>
    /// <returns>Whether the loop goes on.</returns>
    private bool RunBody(ShellNode body, ShellStreams streams, out int status)
    {
        state.LoopDepth++;
        status = Run(body, streams);
        state.LoopDepth--;
        if (state.Flow is ShellFlow.None or ShellFlow.Exit)
            return state.Flow == ShellFlow.None;
        // break and continue say how many loops they leave; the last of these may go on.
        bool goesOn = --state.FlowDepth == 0 && state.Flow == ShellFlow.Continue;
        if (state.FlowDepth == 0)
            state.Flow = ShellFlow.None;
        return goesOn;
    }

    private int RunRedirected(ShellNode.Redirected redirected, ShellStreams streams)
    {
        RedirectedStreams? opened = RedirectedStreams.Open(redirected.Redirections, streams, state, Expander(streams), text);
        if (opened is null)
            return 1;
        int status = Run(redirected.Body, opened.Streams);
        return opened.Close() ? status : 1;
    }

    private int RunSimple(ShellNode.Simple simple, ShellStreams streams)
    {
        Count(simple.Place);
        _substitutionStatus = 0;
        WordExpander expander = Expander(streams);
        // What export is given are assignments, which are not split.
        (ImmutableArray<string> fields, ImmutableArray<SourcePlace> places) = simple.Words is [{ PlainText: "export" }, ..]
            ? ([.. simple.Words.Select(expander.Text)], [.. simple.Words.Select(word => word.Place)])
            : expander.Fields(simple.Words);
        RedirectedStreams? opened = RedirectedStreams.Open(simple.Redirections, streams, state, expander, text);
        if (opened is null)
            return 1;
        // Assignments before a command are for it alone.
        List<(string Name, string? Before)> restored = [];
        foreach (Assignment assignment in simple.Assignments)
        {
            if (!fields.IsEmpty)
                restored.Add((assignment.Name, state.Get(assignment.Name)));
            state.Set(assignment.Name, expander.Text(assignment.Value));
        }

        // Without a command the status is that of the last substitution.
        if (state.Traces && !fields.IsEmpty)
            streams.Error.Write($"+ {string.Join(' ', fields)}\n");
        int status = fields.IsEmpty ? _substitutionStatus : RunCommand(fields, places, simple.Place, opened.Streams);
        foreach ((string name, string? before) in restored)
        {
            if (before is null)
                state.Unset(name);
            else
                state.Set(name, before);
        }

        return opened.Close() ? status : 1;
    }

    private int RunCommand(ImmutableArray<string> fields, ImmutableArray<SourcePlace> places, SourcePlace place, ShellStreams streams)
    {
        try
        {
            CommandRun run = commands.Prepare(fields[0], fields[1..]);
            return run(new CommandCall(streams, state, (words, inner) => RunCommand(words, [.. words.Select(_ => place)], place, inner)));
        }
        catch (CommandUsageException e)
        {
            throw text.Wrong(e.ArgumentIndex + 1 < places.Length ? places[e.ArgumentIndex + 1] : place, e.Message);
        }
        catch (TextTooLongException e)
        {
            throw text.Wrong(place, e.Message);
        }
    }

    private WordExpander Expander(ShellStreams streams) => new(state, text, body =>
    {
        CapturedOutput output = new();
        ShellInterpreter inner = new(this, state.Fork());
        _substitutionStatus = inner.Run(body, streams with { Output = output });
        return output.ToString().TrimEnd('\n');
    });

    private void Count(SourcePlace place)
    {
        cancellation.ThrowIfCancellationRequested();
        if (++_counter.Count > CommandCountMax)
            throw text.Wrong(place, $"the script has run {CommandCountMax} commands; does a loop have no end?");
    }
}
