using System.Diagnostics.CodeAnalysis;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Smtp.Grammar;

/// <summary>The argument of ETRN: <c>[ "@" / "#" ] node-name</c> (RFC 1985 §5.1, §5.3).</summary>
internal abstract record EtrnArgument
{
    /// <summary>Characters of a queue's name; RFC 1985 leaves it to the server.</summary>
    private const int MaxQueueCharacters = 64;

    private EtrnArgument()
    {
    }

    /// <summary>One domain.</summary>
    public sealed record Node(Domain Domain) : EtrnArgument;

    /// <summary>A domain and all that are under it.</summary>
    public sealed record Subdomains(Domain Domain) : EtrnArgument
    {
        public bool Includes(Domain other) => other.Equals(Domain) || other.Ascii.EndsWith($".{Domain.Ascii}", StringComparison.Ordinal);
    }

    /// <summary>A queue by a name of the server's own.</summary>
    public sealed record Queue(string Name) : EtrnArgument;

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out EtrnArgument? argument)
    {
        argument = text switch
        {
            ['@', .. var domain] => Domain.TryParse(domain, out var above) ? new Subdomains(above) : null,
            ['#', .. var queue] => queue.Length is > 0 and <= MaxQueueCharacters && !queue.Contains(' ') ? new Queue(queue.ToString()) : null,
            _ => Domain.TryParse(text, out var node) ? new Node(node) : null,
        };
        return argument is not null;
    }
}
