using StorageLab.Shell.Posix.Syntax;
using Xunit;

namespace StorageLab.Shell.Tests.Posix;

public sealed class ScriptTests
{
    [Theory]
    [InlineData("docker a; docker b\ndocker c", "[a]\n[b]\n[c]\n")]
    [InlineData("docker a && docker b", "[a]\n[b]\n")]
    [InlineData("docker fail && docker b", "Error: refused\n[exit 1]\n")]
    [InlineData("docker fail || docker b", "Error: refused\n[b]\n")]
    [InlineData("false && docker a || docker b && docker c", "[b]\n[c]\n")]
    [InlineData("docker a &&\n  docker b ||\n\n docker c", "[a]\n[b]\n")]
    [InlineData("! docker fail", "Error: refused\n")]
    [InlineData("! true", "[exit 1]\n")]
    [InlineData("docker list | sort | head -n 1", "one\n")]
    [InlineData("docker list |\n  wc -l", "3\n")]
    [InlineData("docker fail | true", "Error: refused\n")]
    [InlineData("set -o pipefail; docker fail | true", "Error: refused\n[exit 1]\n")]
    [InlineData("{ docker a; docker b; } | wc -l", "2\n")]
    [InlineData("x=1; (x=2; docker $x); docker $x", "[2]\n[1]\n")]
    [InlineData("", "")]
    [InlineData("# nothing\n\n", "")]
    [InlineData("docker a;", "[a]\n")]
    public void Commands_follow_one_another(string script, string expected) => Assert.Equal(expected, TestShell.Run(script));

    [Theory]
    [InlineData("for x in a 'b c' $(docker list); do docker $x; done", "[a]\n[b][c]\n[one]\n[two]\n[three]\n")]
    [InlineData("for x in\ndo docker $x; done", "")]
    [InlineData("for x in a b\ndo\n  docker $x\ndone\n", "[a]\n[b]\n")]
    [InlineData("for x in 1 2 3; do if [ $x = 2 ]; then continue; fi; docker $x; done", "[1]\n[3]\n")]
    [InlineData("for x in 1 2; do for y in a b; do [ $y = b ] && continue 2; docker $x$y; done; docker never; done", "[1a]\n[2a]\n")]
    [InlineData("for x in 1 2 3; do [ $x = 2 ] && break; docker $x; done; docker end", "[1]\n[end]\n")]
    [InlineData("docker list | while read x; do docker \"<$x>\"; done", "[<one>]\n[<two>]\n[<three>]\n")]
    [InlineData("printf 'a b c\\n' | while read -r x y; do docker \"$x\" \"$y\"; done", "[a][b c]\n")]
    [InlineData("until true; do docker a; done", "")]
    [InlineData("if docker fail; then docker a; else docker b; fi", "Error: refused\n[b]\n")]
    [InlineData("if false; then docker a; elif true; then docker b; else docker c; fi", "[b]\n")]
    [InlineData("if [ -z \"$(docker list)\" ]\nthen\n  docker empty\nfi", "")]
    [InlineData("for x in a b; do docker $x; done | wc -l", "2\n")]
    public void Loops_and_conditions_run_as_in_any_shell(string script, string expected) => Assert.Equal(expected, TestShell.Run(script));

    [Theory]
    [InlineData("docker list > f; cat f", "one\ntwo\nthree\n")]
    [InlineData("docker a > f; docker b >> f; docker c >>f; cat < f", "[a]\n[b]\n[c]\n")]
    [InlineData("docker fail > f 2>&1; wc -l < f", "1\n")]
    [InlineData("docker fail 2>/dev/null", "[exit 1]\n")]
    [InlineData("docker fail 2>&1 >/dev/null | wc -l", "1\n")]
    [InlineData("cat nosuch", "cat: nosuch: No such file or directory\n[exit 1]\n")]
    [InlineData("cat < nosuch", "sh: /root/nosuch: No such file or directory\n[exit 1]\n")]
    [InlineData("for x in a b; do docker $x; done > f; cat f", "[a]\n[b]\n")]
    [InlineData("cd /tmp; mkdir -p b; docker a > b/f; cat /tmp/b/f", "[a]\n")]
    [InlineData("x=1; cat <<EOF\n$x '$x' \\$x $(docker list | wc -l)\nEOF\ndocker end", "1 '1' $x 3\n[end]\n")]
    [InlineData("cat <<'EOF'\n$x `y` \\\nEOF\n", "$x `y` \\\n")]
    [InlineData("cat <<-EOF\n\t\ta\n\tEOF\n", "a\n")]
    [InlineData("cat <<A; cat <<B\na\nA\nb\nB\n", "a\nb\n")]
    [InlineData("cat <<EOF | wc -l\na\nb\nEOF", "2\n")]
    public void Redirections_stay_in_the_labs_own_files(string script, string expected) => Assert.Equal(expected, TestShell.Run(script));

    [Theory]
    [InlineData("set -e; docker fail; docker never", "Error: refused\n[exit 1]\n")]
    [InlineData("set -e; docker fail || true; if false; then :; fi; false && true; ! true; docker end", "Error: refused\n[end]\n")]
    [InlineData("set -x; x=a; docker $x", "+ docker a\n[a]\n")]
    [InlineData("exit 3; docker never", "[exit 3]\n")]
    [InlineData("(exit 3); docker $?", "[3]\n")]
    public void Set_and_exit_end_a_script_early(string script, string expected) => Assert.Equal(expected, TestShell.Run(script));

    [Theory]
    [InlineData("dokcer ps", "test.sh:1:1: the command 'dokcer' is not supported; did you mean docker?")]
    [InlineData("docker a\n  sudo kubectl get", "test.sh:2:8: the command 'kubectl' is not supported; docker and the usual text tools are")]
    [InlineData("docker a | grep -P x", "test.sh:1:17: grep: -P is not supported")]
    [InlineData("docker a &", "test.sh:1:10: running a command in the background with & is not supported")]
    [InlineData("f() { docker a; }", "test.sh:1:1: functions are not supported")]
    [InlineData("case x in esac", "test.sh:1:1: case is not supported; if … elif … fi is")]
    [InlineData("[[ -n x ]]", "test.sh:1:1: [[ … ]] is not supported; [ … ] is")]
    [InlineData("docker a &> f", "test.sh:1:10: &> is not supported; write >FILE 2>&1")]
    [InlineData("docker a | | docker b", "test.sh:1:12: | has no place here")]
    [InlineData("docker a ; ; docker b", "test.sh:1:12: ; has no place here")]
    [InlineData("done", "test.sh:1:1: done has no place here")]
    [InlineData("docker a)", "test.sh:1:9: ) has no place here")]
    [InlineData("for x in a; docker $x", "test.sh:1:13: do has to follow the words of for")]
    [InlineData("for x in a; do docker $x", "test.sh:1:1: this for does not end; done has to follow")]
    [InlineData("if true; then docker a", "test.sh:1:1: this if does not end; fi has to follow")]
    [InlineData("cat <<EOF\na\n", "test.sh:1:10: this here-document does not end; a line 'EOF' has to follow it")]
    [InlineData("docker a &&", "test.sh:1:12: a command has to follow &&")]
    [InlineData("while true; do :; done", "test.sh:1:7: the script has run 1000000 commands; does a loop have no end?")]
    [InlineData("x=aaaaaaaa; while true; do x=$x$x; done", "test.sh:1:30: the arguments of a command have more than 1048576 characters")]
    public void What_cannot_run_is_said_with_its_place(string script, string expected) =>
        Assert.StartsWith(expected, TestShell.Problem(script), StringComparison.Ordinal);

    [Fact]
    public void Deep_nesting_is_refused_before_it_costs_the_stack()
    {
        Assert.Contains("nested deeper", TestShell.Problem(string.Concat(Enumerable.Repeat("$(", 5000))), StringComparison.Ordinal);
        Assert.Contains("nested deeper", TestShell.Problem(string.Concat(Enumerable.Repeat("( ", 5000))), StringComparison.Ordinal);
        Assert.Contains("nested deeper", TestShell.Problem("docker " + string.Concat(Enumerable.Repeat("${a:-", 5000))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$ docker a\n[a]\n$ docker b | wc -l\n1\n", "docker a\ndocker b | wc -l\n")]
    [InlineData("$ docker run -it \\\n    ubuntu \\\n    bash\nroot@x\n# comment\n$ docker b", "docker run -it \\\n    ubuntu \\\n    bash\ndocker b")]
    [InlineData("$ for x in a; do\n> docker $x\n> done\n[a]\n", "for x in a; do\ndocker $x\ndone\n")]
    [InlineData("# docker images\nREPOSITORY   TAG\n# docker b\n", "docker images\ndocker b\n")]
    [InlineData("[root@host ~]# docker a\n[a]\n", "docker a\n")]
    [InlineData("me@host:~/x$ docker a\n[a]\n", "docker a\n")]
    [InlineData("# docker is the word of a comment here\ndocker a\n", "# docker is the word of a comment here\ndocker a\n")]
    public void A_transcript_gives_its_commands(string content, string expected) =>
        Assert.Equal(expected, new ScriptReader(TestShell.Commands.Knows).Read("t.txt", content).Text);

    [Fact]
    public void A_problem_in_a_transcript_has_its_place_in_the_file()
    {
        ScriptText text = new ScriptReader(TestShell.Commands.Knows).Read("t.txt", "$ docker a\nout\r\nput\n$ docker 'b\n");
        ScriptException problem = Assert.Throws<ScriptException>(() => ScriptParser.Parse(text));
        Assert.Equal("t.txt:4:10: this ' is not closed; write another ' where the quoted text ends", problem.Message);
    }
}
