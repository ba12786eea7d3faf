using System.CommandLine;

namespace StorageLab.Cli.Verbs;

/// <summary><c>storagelab completion</c>: a shell function that asks storagelab itself what may come next.</summary>
internal static class CompletionVerb
{
    private const string Bash =
        """
        _storagelab() {
            local line="${COMP_LINE#* }" point=$(( COMP_POINT - ${#COMP_LINE} ))
            point=$(( point + ${#line} ))
            local IFS=$'\n'
            COMPREPLY=( $(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${point}]" "${line}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
        }
        complete -o default -F _storagelab storagelab
        """;

    private const string Zsh =
        """
        #compdef storagelab
        _storagelab() {
            local line="${BUFFER#* }"
            local point=$(( CURSOR - ${#BUFFER} + ${#line} ))
            local -a words_found
            words_found=( ${(f)"$("${words[1]}" "[suggest:${point}]" "${line}" 2>/dev/null)"} )
            compadd -a words_found || _files
        }
        compdef _storagelab storagelab
        """;

    private const string Fish =
        """
        function __storagelab_complete
            set -l line (commandline -cp | string replace -r '^\S+\s?' '')
            storagelab "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c storagelab -a '(__storagelab_complete)'
        """;

    public static Command Build()
    {
        Argument<string> shell = new("SHELL") { Description = "bash, zsh or fish.", HelpName = "SHELL" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Command command = new("completion", "Print a shell's completion function.") { shell };
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetRequiredValue(shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            _ => Fish,
        }));
        return command;
    }
}
