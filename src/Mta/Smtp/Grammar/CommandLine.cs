namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>A command line: verb, one space, arguments (RFC 5321 §4.1.1). White space at its end is tolerated, as §4.1.1 asks.</summary>
internal readonly ref struct CommandLine
{
    private CommandLine(ReadOnlySpan<char> verb, ReadOnlySpan<char> arguments)
    {
        Verb = verb;
        Arguments = arguments;
    }

    public ReadOnlySpan<char> Verb { get; }

    /// <summary>What follows the verb and its space; empty when nothing does.</summary>
    public ReadOnlySpan<char> Arguments { get; }

    public static CommandLine Split(ReadOnlySpan<char> line)
    {
        var text = line.TrimEnd(' ');
        var space = text.IndexOf(' ');
        return space < 0 ? new CommandLine(text, default) : new CommandLine(text[..space], text[(space + 1)..]);
    }

    /// <summary>Whether the line has octets that no command has: controls, NUL among them.</summary>
    public static bool HasControls(ReadOnlySpan<char> line)
    {
        foreach (var c in line)
        {
            if (char.IsControl(c))
                return true;
        }

        return false;
    }
}
