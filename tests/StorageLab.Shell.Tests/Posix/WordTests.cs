using Xunit;

namespace StorageLab.Shell.Tests.Posix;

public sealed class WordTests
{
    [Theory]
    [InlineData("docker a  b\tc", "[a][b][c]")]
    [InlineData("docker 'a b' \"c d\" e\\ f", "[a b][c d][e f]")]
    [InlineData("docker '' \"\"", "[][]")]
    [InlineData("docker a''b \"a\"b'c'", "[ab][abc]")]
    [InlineData("docker 'it'\\''s'", "[it's]")]
    [InlineData("docker \"a\\\"b\\$c\\\\d\\e\"", "[a\"b$c\\d\\e]")]
    [InlineData("docker \\\\ \\$x", "[\\][$x]")]
    [InlineData("docker a \\\n  b", "[a][b]")]
    [InlineData("docker a\\\nb", "[ab]")]
    [InlineData("docker \"a\\\nb\"", "[ab]")]
    [InlineData("docker 'a\\\nb'", "[a\\\nb]")]
    [InlineData("docker a#b # c", "[a#b]")]
    [InlineData("docker {{.ID}}: '{{json .}}' *.tar ?", "[{{.ID}}:][{{json .}}][*.tar][?]")]
    [InlineData("docker $ a$ $% \"$\"", "[$][a$][$%][$]")]
    [InlineData("docker 2 2>/dev/null", "[2]")]
    [InlineData("docker a=b c==d", "[a=b][c==d]")]
    public void Words_are_quoted_and_joined(string script, string expected) => Assert.Equal(expected + "\n", TestShell.Run(script));

    [Theory]
    [InlineData("x=1; docker $x ${x}2 \"$x\" '$x'", "[1][12][1][$x]")]
    [InlineData("x='a  b'; docker $x \"$x\"", "[a][b][a  b]")]
    [InlineData("x='a b'; y=$x; docker \"$y\" p$x", "[a b][pa][b]")]
    [InlineData("docker $none \"$none\" end", "[][end]")]
    [InlineData("docker ${none:-a b} ${none:-\"a b\"} \"${none:-c d}\"", "[a][b][a b][c d]")]
    [InlineData("x=1 docker a; docker $x", "[a]\n[]")]
    [InlineData("false; docker $?; docker $?", "[1]\n[0]")]
    [InlineData("export A=1 B='c d'; docker \"$A$B\"", "[1c d]")]
    [InlineData("export A=$(docker lines 'c d'); docker \"$A\"", "[c d]")]
    public void Variables_are_expanded_and_split_outside_quotes(string script, string expected) =>
        Assert.Equal(expected.Replace("[]", "", StringComparison.Ordinal) + "\n", TestShell.Run(script).Replace("[]", "", StringComparison.Ordinal));

    [Theory]
    [InlineData("docker $(docker list)", "[one][two][three]")]
    [InlineData("docker \"$(docker list)\"", "[one\ntwo\nthree]")]
    [InlineData("docker `docker list`", "[one][two][three]")]
    [InlineData("docker $(docker lines $(docker list))", "[one][two][three]")]
    [InlineData("docker `docker lines \\`docker list\\``", "[one][two][three]")]
    [InlineData("docker \"`docker lines \\\"a b\\\"`\"", "[a b]")]
    [InlineData("docker \"$(docker lines \"a  b\")\"", "[a  b]")]
    [InlineData("docker x$(docker list)y", "[xone][two][threey]")]
    [InlineData("docker $(true) end", "[end]")]
    [InlineData("x=$(docker list | head -n 1); docker $x", "[one]")]
    [InlineData("x=$(false); docker $?", "[1]")]
    [InlineData("docker $(docker lines ')' '(')", "[)][(]")]
    public void Substitutions_give_what_commands_write(string script, string expected) => Assert.Equal(expected + "\n", TestShell.Run(script));

    [Theory]
    [InlineData("docker 'a", "test.sh:1:8: this ' is not closed; write another ' where the quoted text ends")]
    [InlineData("true\ndocker \"a\n", "test.sh:2:8: this \" is not closed; write another \" where the quoted text ends")]
    [InlineData("docker $(docker list", "test.sh:1:8: this $( is not closed; a ) has to follow")]
    [InlineData("docker `docker list", "test.sh:1:8: this ` is not closed; write another ` where the command ends")]
    [InlineData("docker ${x", "test.sh:1:8: this ${ is not closed; a } has to follow")]
    [InlineData("docker ${x%.*}", "test.sh:1:8: this ${…} is not supported; ${NAME} and ${NAME:-text} are")]
    [InlineData("docker $((1+1))", "test.sh:1:8: arithmetic, $((…)), is not supported")]
    [InlineData("docker \"$@\"", "test.sh:1:9: $@ is not supported; $NAME, ${NAME}, $? and $(…) are")]
    [InlineData("for i in {1..3}; do docker $i; done", "test.sh:1:10: expansion of {…} is not supported; write the words out, or $(seq FIRST LAST)")]
    [InlineData("docker $(docker\n  \"x)", "test.sh:2:3: this \" is not closed; write another \" where the quoted text ends")]
    [InlineData("docker `\\`kubectl x\\``", "test.sh:1:11: the command 'kubectl' is not supported; docker and the usual text tools are")]
    public void What_does_not_end_or_is_not_supported_is_said_with_its_place(string script, string expected) =>
        Assert.Equal(expected, TestShell.Problem(script));
}
