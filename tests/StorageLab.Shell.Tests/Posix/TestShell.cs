using StorageLab.Shell.Posix.Commands;
using StorageLab.Shell.Posix.Execution;
using StorageLab.Shell.Posix.Syntax;

namespace StorageLab.Shell.Tests.Posix;

/// <summary>A shell whose docker prints the arguments it is given, each in brackets; <c>docker fail</c> fails, <c>docker list</c> lists three names.</summary>
internal sealed class TestShell
{
    public static readonly CommandTable Commands = PosixCommands.With(
    [
        new("docker", arguments => call =>
        {
            switch (arguments)
            {
                case ["list"]:
                    call.Streams.Output.Write("one\ntwo\nthree\n");
                    return 0;
                case ["fail", ..]:
                    call.Complain("Error: refused");
                    return 1;
                case ["lines", ..]:
                    call.Streams.Output.Write(string.Concat(arguments[1..].Select(line => line + "\n")));
                    return 0;
                default:
                    call.Print(string.Concat(arguments.Select(argument => $"[{argument}]")));
                    return 0;
            }
        }),
    ]);

    /// <summary>What a script writes to both streams, and its status in a last line when that is not 0.</summary>
    public static string Run(string script, string input = "")
    {
        StringWriter output = new();
        ScriptText text = ScriptText.Of("test.sh", script);
        ShellInterpreter interpreter = new(Commands, new ShellState(new VirtualFiles()), text, CancellationToken.None);
        int status = Run(interpreter, ScriptParser.Parse(text), new ShellStreams(new StringReader(input), output, output));
        return output + (status == 0 ? "" : $"[exit {status}]\n");
    }

    /// <summary>Runs commands up to the end or to an exit.</summary>
    public static int Run(ShellInterpreter interpreter, IEnumerable<ScriptCommand> script, ShellStreams streams)
    {
        var status = 0;
        foreach (ScriptCommand command in script)
        {
            status = interpreter.Run(command.Node, streams);
            if (interpreter.State.Flow != ShellFlow.None)
                break;
        }

        return status;
    }

    /// <summary>What is wrong with a script, as file, line, column and message.</summary>
    public static string Problem(string script) => Xunit.Assert.Throws<ScriptException>(() =>
    {
        ScriptText text = ScriptText.Of("test.sh", script);
        new ScriptCheck(Commands, text).Check(ScriptParser.Parse(text));
        _ = Run(script);
    }).Message;
}
