using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary>What sendmail is asked to do.</summary>
internal enum SendmailMode
{
    /// <summary>-bm: take a message from standard input.</summary>
    Deliver,

    /// <summary>-bs: speak SMTP on standard input and output.</summary>
    Smtp,

    /// <summary>-bp, mailq: show what waits.</summary>
    ShowQueue,

    /// <summary>-q: try at once what waits.</summary>
    RunQueue,

    /// <summary>-bi, newaliases.</summary>
    RebuildAliases,

    /// <summary>-bd: run the server.</summary>
    Serve,

    Help,
}

/// <summary>The command line of sendmail(1), as Sendmail and Postfix read it: options of one letter, some with a value, which may follow the letter at once.</summary>
internal sealed record SendmailOptions
{
    /// <summary>Options whose values say nothing here: -A which configuration, -d debugging, -e how errors are told, -h hops, -L syslog label, -O an option of Sendmail, -o another, -p protocol, -X a traffic log.</summary>
    private const string IgnoredWithValue = "AdehLOopX";

    /// <summary>-G from a gateway, -I aliases, -m me too, -n no aliases, -U from a user's program.</summary>
    private const string Ignored = "GImnU";

    private static readonly string[] BodyTypes = ["7BIT", "8BITMIME"];

    public SendmailMode Mode { get; private set; }

    /// <summary>-t: the header names recipients.</summary>
    public bool RecipientsFromHeader { get; private set; }

    /// <summary>Whether a line with a single dot ends the message; not with -i.</summary>
    public bool DotEnds { get; private set; } = true;

    /// <summary>-f, -r: the reverse-path as it was written; <see langword="null"/> for the user's own.</summary>
    public string? Sender { get; private set; }

    /// <summary>-F: the name in a From field that we write.</summary>
    public string? FullName { get; private set; }

    /// <summary>-v: say what became of the message.</summary>
    public bool Verbose { get; private set; }

    /// <summary>Recipients as they were written.</summary>
    public IReadOnlyList<string> Recipients { get; private set; } = [];

    public string? Data { get; private set; }

    /// <summary>--config, -C.</summary>
    public string? Config { get; private set; }

    public int? PortOffset { get; private set; }

    /// <param name="name">By what name the program was called.</param>
    /// <param name="problem">What is wrong with the line, for people.</param>
    public static bool TryParse(string name, IReadOnlyList<string> arguments, [NotNullWhen(true)] out SendmailOptions? options, [NotNullWhen(false)] out string? problem)
    {
        var parsed = new SendmailOptions
        {
            Mode = name switch { "mailq" => SendmailMode.ShowQueue, "newaliases" => SendmailMode.RebuildAliases, _ => SendmailMode.Deliver },
        };
        problem = parsed.Read(arguments);
        options = problem is null ? parsed : null;
        return problem is null;
    }

    private string? Read(IReadOnlyList<string> arguments)
    {
        var recipients = new List<string>();
        var left = new Queue<string>(arguments);
        while (left.TryDequeue(out var word))
        {
            if (word == "--")
            {
                recipients.AddRange(left);
                break;
            }

            if (word.Length < 2 || word[0] != '-')
                recipients.Add(word);
            else if ((word.StartsWith("--", StringComparison.Ordinal) ? ReadLong(word, left) : ReadLetters(word, left)) is { } problem)
                return problem;
        }

        Recipients = recipients;
        return null;
    }

    private string? ReadLong(string word, Queue<string> left)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? word : word[..equals];
        if (name == "--help")
        {
            Mode = SendmailMode.Help;
            return null;
        }

        if (name is not ("--data" or "--config" or "--port-offset"))
            return $"There is no option {name}";

        string? value;
        if (equals >= 0)
            value = word[(equals + 1)..];
        else if (!left.TryDequeue(out value))
            return $"The option {name} needs a value";

        switch (name)
        {
            case "--data":
                Data = value;
                break;
            case "--config":
                Config = value;
                break;
            default:
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
                    return "--port-offset is a number";
                PortOffset = offset;
                break;
        }

        return null;
    }

    /// <summary>Letters without a value may stand together, <c>-ti</c>; one with a value takes the rest of the word, or the next.</summary>
    private string? ReadLetters(string word, Queue<string> left)
    {
        for (var at = 1; at < word.Length; at++)
        {
            var letter = word[at];
            if (Flag(letter))
                continue;

            var rest = word[(at + 1)..];
            if (letter == 'q')
            {
                // Its value, an interval or which queue, stands in the same word or nowhere.
                if (Mode != SendmailMode.Serve)
                    Mode = SendmailMode.RunQueue;
                return null;
            }

            if (letter is not ('b' or 'B' or 'C' or 'F' or 'f' or 'r') && !IgnoredWithValue.Contains(letter, StringComparison.Ordinal))
                return $"There is no option -{letter}";
            if (rest.Length == 0 && !left.TryDequeue(out rest!))
                return $"The option -{letter} needs a value";
            return Value(letter, rest);
        }

        return null;
    }

    private bool Flag(char letter)
    {
        switch (letter)
        {
            case 't':
                RecipientsFromHeader = true;
                return true;
            case 'i':
                DotEnds = false;
                return true;
            case 'v':
                Verbose = true;
                return true;
            default:
                return Ignored.Contains(letter, StringComparison.Ordinal);
        }
    }

    private string? Value(char letter, string value)
    {
        switch (letter)
        {
            case 'b':
                return ReadMode(value);
            case 'B':
                // What the octets are decides; the word is only checked.
                return BodyTypes.Contains(value, StringComparer.OrdinalIgnoreCase) ? null : $"-B {value}: a message on standard input is 7BIT or 8BITMIME";
            case 'C':
                Config = value;
                break;
            case 'F':
                FullName = value;
                break;
            case 'f' or 'r':
                Sender = value;
                break;
            case 'o' when value is "i":
                DotEnds = false;
                break;
        }

        return null;
    }

    private string? ReadMode(string value)
    {
        SendmailMode? mode = value switch
        {
            "m" => SendmailMode.Deliver,
            "s" => SendmailMode.Smtp,
            "p" => SendmailMode.ShowQueue,
            "i" => SendmailMode.RebuildAliases,
            "d" => SendmailMode.Serve,
            _ => null,
        };
        if (mode is null)
            return $"There is no mode -b{value}";
        Mode = mode.Value;
        return null;
    }
}
