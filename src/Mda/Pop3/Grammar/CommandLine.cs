namespace MailSuite.Mda.Pop3.Grammar;

/// <summary>A command line: keyword, one space, arguments (RFC 1939 §3). Spaces at its end are part of the arguments, for a password may have them.</summary>
internal readonly ref struct CommandLine
{
    private CommandLine(ReadOnlySpan<char> keyword, ReadOnlySpan<char> arguments)
    {
        Keyword = keyword;
        Arguments = arguments;
    }

    public ReadOnlySpan<char> Keyword { get; }

    /// <summary>What follows the keyword and its space; empty when nothing does.</summary>
    public ReadOnlySpan<char> Arguments { get; }

    public static CommandLine Split(ReadOnlySpan<char> line)
    {
        var space = line.IndexOf(' ');
        return space < 0 ? new CommandLine(line, default) : new CommandLine(line[..space], line[(space + 1)..]);
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
