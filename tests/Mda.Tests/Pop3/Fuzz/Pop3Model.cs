using System.Text;
using MailSuite.Shared.LineProtocol;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mda.Tests.Pop3.Fuzz;

/// <summary>A server by the letter of RFC 1939 that sees all octets at once: how many responses there must be, and which messages go.</summary>
/// <param name="mayEndEarly">Whether the time may have been up.</param>
internal sealed class Pop3Model(byte[] input, string output, int maxLine, bool mayEndEarly)
{
    private static readonly string[] WithLists = ["CAPA", "LIST", "UIDL", "AUTH", "LANG"];

    private readonly HashSet<int> _deleted = [];
    private int _in;
    private int _out;
    private bool _signedIn;

    /// <returns>The numbers of the messages that are removed.</returns>
    public IReadOnlySet<int> Play()
    {
        Expect(Response() is ['+', 'O', 'K', ' ', ..], "no greeting", "");
        while (TryLine(out var line))
        {
            if (Ended)
            {
                Expect(mayEndEarly, "fewer responses than commands", line);
                return new HashSet<int>();
            }

            var (keyword, arguments) = Split(line);
            var response = Response();
            var isOk = response.StartsWith("+OK", StringComparison.Ordinal);
            while (response.StartsWith("+ ", StringComparison.Ordinal))
            {
                Expect(keyword == "AUTH" && !_signedIn, "a challenge to no AUTH", line);
                if (!TryLine(out _, 12288) || Ended)
                {
                    Expect(Ended, "an answer to nothing", Rest);
                    return new HashSet<int>();
                }

                response = Response();
                isOk = response.StartsWith("+OK", StringComparison.Ordinal);
            }

            Expect(isOk || response.StartsWith("-ERR ", StringComparison.Ordinal), "no response", response);
            if (response.EndsWith("closing", StringComparison.Ordinal) || response.EndsWith("too often", StringComparison.Ordinal))
                return End();
            if (isOk)
            {
                if (keyword is "RETR" or "TOP" || (WithLists.Contains(keyword) && arguments.Length == 0))
                    ReadList();
                if (keyword == "QUIT")
                    return _signedIn ? EndWith(_deleted) : End();
                Apply(keyword, arguments);
            }
        }

        return End();
    }

    private bool Ended => _out >= output.Length;

    private string Rest => output[_out..];

    private void Apply(string keyword, string arguments)
    {
        if (keyword is "PASS" or "AUTH" && !(keyword == "AUTH" && arguments.Length == 0))
            _signedIn = true;
        if (keyword is "STAT" or "LIST" or "UIDL" or "RETR" or "TOP" or "DELE" or "RSET" or "NOOP")
            Expect(_signedIn, "served before the sign-in", keyword);
        if (keyword == "RSET")
            _deleted.Clear();
        if (keyword is "RETR" or "DELE")
            Expect(int.TryParse(arguments.TrimEnd(' '), out var number) && number is >= 1 and <= 3 && (keyword == "RETR" ? !_deleted.Contains(number) : _deleted.Add(number)), "an answer for no message", arguments);
    }

    private IReadOnlySet<int> End() => EndWith(new HashSet<int>());

    private IReadOnlySet<int> EndWith(IReadOnlySet<int> removed)
    {
        Expect(Ended, "more responses than commands", Rest);
        return removed;
    }

    /// <summary>The lines of a response up to its end; none begins with one dot.</summary>
    private void ReadList()
    {
        while (Next() is var line && line != ".")
            Expect(!line.StartsWith('.') || line.StartsWith("..", StringComparison.Ordinal), "a dot that is not stuffed", line);
    }

    private string Response()
    {
        var line = Next();
        Expect(line.Length <= 510 && line.All(c => c is >= ' ' and <= '~'), "a response that is none", line);
        return line;
    }

    private string Next()
    {
        var end = output.IndexOf("\r\n", _out, StringComparison.Ordinal);
        Expect(end >= 0, "a response without its end", Rest);
        var line = output[_out..end];
        _out = end + 2;
        return line;
    }

    /// <summary>The next line as the server takes it: what is longer than it may be is one, and the last.</summary>
    private bool TryLine(out string line, int? limit = null)
    {
        line = "";
        var rest = input.AsSpan(_in);
        var end = rest[..Math.Min(rest.Length, limit ?? maxLine)].IndexOf((byte)'\n');
        if (end < 0)
        {
            _in = input.Length;
            return rest.Length >= (limit ?? maxLine);
        }

        line = LineReader.TryDecode(rest[..end], out var text) && text.EndsWith('\r') ? text[..^1] : "\0";
        _in += end + 1;
        return true;
    }

    private static (string Keyword, string Arguments) Split(string line)
    {
        if (line.Any(char.IsControl))
            return ("", "");
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (line.ToUpperInvariant(), "") : (line[..space].ToUpperInvariant(), line[(space + 1)..]);
    }

    private void Expect(bool holds, string kind, string details) => FuzzException.Unless(holds, kind, $"{details}\n{Encoding.Latin1.GetString(input)}\n{output}");
}
