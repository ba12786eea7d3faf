using System.Collections.Immutable;
using CsCheck;
using StorageLab.Shell.Posix.Execution;
using StorageLab.Shell.Posix.Syntax;
using Xunit;

namespace StorageLab.Shell.Tests.Posix;

public sealed class ScriptFuzzTests
{
    private static readonly string[] Tokens =
    [
        "docker", "list", "echo", "x=1", "x=$x$x", "$x", "${x}", "${x:-y}", "$(", ")", "`", "\\`", "'", "\"", "\\", "\n", " ", "\t", ";", "&&", "||", "|", "!", "#",
        ">", ">>", "<", "<<EOF", "<<-'E'", "EOF\n", "2>&1", "2>", "if", "then", "elif", "else", "fi", "for", "x", "in", "do", "done", "while", "until", "true",
        "false", "{", "}", "(", "break", "continue 2", "exit", "read y", "set -e", "xargs", "grep", "awk '{print $1}'", "sed s/a/b/", "sort -k2", "$?", "{a,b}", "a=b", "=", "\r\n", "é",
    ];

    /// <summary>Soup of what scripts are made of, and of anything at all.</summary>
    private static readonly Gen<string> Soup = Gen.OneOf(
        Gen.Int[0, Tokens.Length - 1].Select(index => Tokens[index]).Array[0, 40].Select(tokens => string.Join(' ', tokens)),
        Gen.Int[0, Tokens.Length - 1].Select(index => Tokens[index]).Array[0, 40].Select(string.Concat),
        Gen.String[0, 60]);

    [Fact]
    public void Any_text_is_run_or_refused_with_its_place() => Soup.Sample(
        script =>
        {
            ScriptText text = new ScriptReader(TestShell.Commands.Knows).Read("f", script);
            try
            {
                ImmutableArray<ScriptCommand> commands = ScriptParser.Parse(text);
                new ScriptCheck(TestShell.Commands, text).Check(commands);
                StringWriter output = new();
                using CancellationTokenSource stop = new(TimeSpan.FromSeconds(10));
                ShellInterpreter interpreter = new(TestShell.Commands, new ShellState(new VirtualFiles()), text, stop.Token) { CommandCountMax = 2000 };
                _ = TestShell.Run(interpreter, commands, new ShellStreams(new StringReader("a b\nc\n"), output, output));
            }
            catch (ScriptException e)
            {
                string[] lines = script.Split('\n');
                Assert.InRange(e.Problem.Line, 1, lines.Length);
                Assert.InRange(e.Problem.Column, 1, lines[e.Problem.Line - 1].Length + 1);
                Assert.DoesNotContain('\n', e.Problem.Message);
            }
        },
        iter: 5_000);

    [Fact]
    public void What_is_quoted_comes_through_as_it_was() => Gen.String[0, 8].Array[1, 5]
        .Where(words => !Array.Exists(words, word => word.Contains('\0')))
        .Sample(words =>
        {
            string single = string.Join(' ', words.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
            string twice = string.Join(' ', words.Select(word =>
                "\"" + string.Concat(word.Select(c => c is '"' or '$' or '`' or '\\' ? $"\\{c}" : c.ToString())) + "\""));
            string expected = string.Concat(words.Select(word => $"[{word}]")).Replace("\r\n", "\n", StringComparison.Ordinal) + "\n";
            Assert.Equal(expected, TestShell.Run("docker " + single));
            Assert.Equal(expected, TestShell.Run("docker " + twice));
        });

    [Fact]
    public void A_script_means_the_same_wherever_lines_are_continued() => Gen.Int[1, 40].Sample(at =>
    {
        const string script = "x='a b'; for y in $x \"$(docker list)\"; do docker $y \"$x\"; done | sort | head -n 3";
        int index = at % script.Length;
        // Inside single quotes a backslash is itself.
        if (script[..index].Count(c => c == '\'') % 2 == 0)
            Assert.Equal(TestShell.Run(script), TestShell.Run(script.Insert(index, "\\\n")));
    });
}
