using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailSuite.Shared.Addressing;

/// <summary><c>Path = "&lt;" [ A-d-l ":" ] Mailbox "&gt;"</c> (RFC 5321 §4.1.2).</summary>
internal static class PathGrammar
{
    /// <summary>Octets of a path with its brackets (RFC 5321 §4.5.3.1.3), which also bounds the hosts of a source route.</summary>
    internal const int MaxOctets = 256;

    internal static bool Fits(ReadOnlySpan<char> path) => Encoding.UTF8.GetByteCount(path) <= MaxOctets;

    /// <summary>A path as it is written.</summary>
    internal static string ToText(IReadOnlyList<Domain> route, EnvelopeAddress? address) =>
        route.Count == 0 ? $"<{address}>" : $"<{string.Join(',', route.Select(host => $"@{host}"))}:{address}>";

    internal static bool TryReadMailbox(ReadOnlySpan<char> text, [NotNullWhen(true)] out EnvelopeAddress? address, out IReadOnlyList<Domain> route, out int consumed)
    {
        address = null;
        route = [];
        consumed = 0;
        if (text is not ['<', ..])
            return false;

        var at = 1;
        if (at < text.Length && text[at] == '@' && !TryReadRoute(text, ref at, out route))
            return false;

        if (!EnvelopeAddress.TryRead(text[at..], out address, out var length))
            return false;

        at += length;
        if (at >= text.Length || text[at] != '>')
            return false;

        consumed = at + 1;
        return route.Count == 0 || Fits(text[..consumed]);
    }

    /// <summary><c>A-d-l = At-domain *( "," At-domain )</c>, then the colon.</summary>
    private static bool TryReadRoute(ReadOnlySpan<char> text, ref int at, out IReadOnlyList<Domain> route)
    {
        var hosts = new List<Domain>();
        route = hosts;
        while (at < text.Length && text[at] == '@')
        {
            var rest = text[(at + 1)..];
            // An IPv6 literal has colons of its own, so the end of a literal is its bracket.
            var end = rest is ['[', ..] ? rest.IndexOf(']') + 1 : rest.IndexOfAny(',', ':');
            if (end <= 0 || end >= rest.Length || !Domain.TryParse(rest[..end], out var host))
                return false;

            hosts.Add(host);
            at += 1 + end;
            switch (text[at++])
            {
                case ':':
                    return true;
                case ',':
                    continue;
                default:
                    return false;
            }
        }

        return false;
    }
}
