using System.Text;

namespace MailSuite.Mda.Pop3.Replies;

/// <summary>One response, or the first line of one with several (RFC 1939 §3). Those that are always the same are made once: their octets are kept.</summary>
internal sealed class Pop3Reply
{
    /// <summary>Octets of a response with its CRLF (RFC 1939 §3).</summary>
    private const int MaxOctets = 512;

    private Pop3Reply(bool isOk, ReadOnlyMemory<byte> octets, bool closes)
    {
        IsOk = isOk;
        Octets = octets;
        Closes = closes;
    }

    public bool IsOk { get; }

    /// <summary>The line with its CRLF.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <summary>Whether the session ends after it.</summary>
    public bool Closes { get; }

    public static Pop3Reply Ok(string text) => new(true, Line("+OK", text), closes: false);

    public static Pop3Reply Err(string text) => new(false, Line("-ERR", text), closes: false);

    /// <param name="code">A response code of RFC 2449 §8, without its brackets.</param>
    public static Pop3Reply Err(string code, string text) => new(false, Line("-ERR", $"[{code}] {text}"), closes: false);

    /// <summary>A challenge of AUTH (RFC 5034 §4): neither good nor bad.</summary>
    public static Pop3Reply Challenge(string base64) => new(true, Encoding.ASCII.GetBytes($"+ {base64}\r\n"), closes: false);

    /// <summary>The same response as the last of its session.</summary>
    public Pop3Reply AndClose() => new(IsOk, Octets, closes: true);

    public override string ToString() => Encoding.ASCII.GetString(Octets.Span).TrimEnd();

    /// <summary>What a response cannot carry (controls, characters beyond ASCII) is replaced by a question mark.</summary>
    private static byte[] Line(string status, string text)
    {
        var line = $"{status} {text}";
        var octets = new byte[Math.Min(line.Length, MaxOctets - 2) + 2];
        for (var i = 0; i < octets.Length - 2; i++)
            octets[i] = line[i] is >= ' ' and <= '~' ? (byte)line[i] : (byte)'?';
        octets[^2] = (byte)'\r';
        octets[^1] = (byte)'\n';
        return octets;
    }
}
