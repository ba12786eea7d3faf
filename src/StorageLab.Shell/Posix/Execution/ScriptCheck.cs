using System.Collections.Immutable;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Shell.Posix.Execution;

/// <summary>Looks through a script before it runs for commands and options that the lab does not support.</summary>
/// <remarks>What only shows when words are expanded is found when it runs.</remarks>
public sealed class ScriptCheck(CommandTable commands, ScriptText text)
{
    /// <exception cref="ScriptException">The first thing that is not supported.</exception>
    public void Check(IEnumerable<ScriptCommand> script)
    {
        foreach (ScriptCommand command in script)
            Check(command.Node);
    }

    private void Check(ShellNode node)
    {
        switch (node)
        {
            case ShellNode.Simple simple:
                CheckSimple(simple);
                break;
            case ShellNode.Sequence sequence:
                foreach (ShellNode command in sequence.Commands)
                    Check(command);
                break;
            case ShellNode.AndOr andOr:
                Check(andOr.First);
                foreach (AndOrPart part in andOr.Rest)
                    Check(part.Command);
                break;
            case ShellNode.Pipeline pipeline:
                foreach (ShellNode stage in pipeline.Stages)
                    Check(stage);
                break;
            case ShellNode.If condition:
                Check(condition.Condition);
                Check(condition.Then);
                if (condition.Else is { } otherwise)
                    Check(otherwise);
                break;
            case ShellNode.For loop:
                CheckWords(loop.Words);
                Check(loop.Body);
                break;
            case ShellNode.While loop:
                Check(loop.Condition);
                Check(loop.Body);
                break;
            case ShellNode.Subshell subshell:
                Check(subshell.Body);
                break;
            case ShellNode.Redirected redirected:
                CheckWords(redirected.Redirections.Select(redirection => redirection.Target));
                Check(redirected.Body);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(node), node, "no such command");
        }
    }

    private void CheckSimple(ShellNode.Simple simple)
    {
        CheckWords(simple.Assignments.Select(assignment => assignment.Value));
        CheckWords(simple.Words);
        CheckWords(simple.Redirections.Select(redirection => redirection.Document?.Body ?? redirection.Target));
        if (simple.Words.IsEmpty || simple.Words[0].LiteralText is not { } name)
            return;
        ImmutableArray<string?> arguments = [.. simple.Words[1..].Select(word => word.LiteralText)];
        if (commands.Knows(name) && arguments.Contains(null))
            return;
        try
        {
            _ = commands.Prepare(name, [.. arguments.OfType<string>()]);
        }
        catch (CommandUsageException e)
        {
            throw text.Wrong(simple.Words[Math.Min(e.ArgumentIndex + 1, simple.Words.Length - 1)].Place, e.Message);
        }
    }

    private void CheckWords(IEnumerable<Word> words)
    {
        foreach (WordPart part in words.SelectMany(word => word.Parts))
        {
            if (part is WordPart.Substitution substitution)
                Check(substitution.Body);
            else if (part is WordPart.Parameter { Default: { } fallback })
                CheckWords([fallback]);
        }
    }
}
