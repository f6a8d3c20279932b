using System.Text;

namespace MailSuite.Mda.Mailboxes;

/// <summary>The name of an annotation (RFC 5464 §3.2), in the one form that is kept: small letters.</summary>
internal readonly record struct MetadataEntry
{
    /// <summary>Octets of a name.</summary>
    internal const int MaxOctets = 255;

    private const string Private = "/private/";

    private const string Shared = "/shared/";

    private MetadataEntry(string name) => Name = name;

    internal string Name { get; }

    /// <summary>Whether each person has a value of their own.</summary>
    internal bool IsPrivate => Name.StartsWith(Private, StringComparison.Ordinal);

    /// <summary>Reads a name that a value can be kept under.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> octets, out MetadataEntry entry)
    {
        entry = default;
        if (!IsWellFormed(octets))
            return false;

        var name = Encoding.ASCII.GetString(octets).ToLowerInvariant();
        if (!name.StartsWith(Private, StringComparison.Ordinal) && !name.StartsWith(Shared, StringComparison.Ordinal))
            return false;
        entry = new MetadataEntry(name);
        return true;
    }

    /// <summary>Reads what GETMETADATA may ask for: a name, or <c>/private</c> or <c>/shared</c>, below which names are.</summary>
    internal static bool TryParseAsked(ReadOnlySpan<byte> octets, out MetadataEntry entry)
    {
        if (TryParse(octets, out entry))
            return true;
        var name = octets.Length > MaxOctets ? string.Empty : Encoding.ASCII.GetString(octets).ToLowerInvariant();
        if (name is not ("/private" or "/shared"))
            return false;
        entry = new MetadataEntry(name);
        return true;
    }

    /// <summary>Whether <paramref name="name"/> is this one, or lies so many levels below it at most.</summary>
    /// <param name="depth">0, 1, or <see cref="int.MaxValue"/> for infinity (RFC 5464 §4.2.2).</param>
    internal bool Covers(string name, int depth)
    {
        if (name == Name)
            return true;
        return depth > 0 && MailboxName.IsInferior(name, Name) && (depth == int.MaxValue || !name.AsSpan(Name.Length + 1).Contains('/'));
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> octets)
    {
        if (octets.Length is < 2 or > MaxOctets || octets[0] != '/' || octets[^1] == '/' || octets.IndexOf("//"u8) >= 0)
            return false;
        foreach (var octet in octets)
        {
            if (octet is < 0x20 or > 0x7E or (byte)'*' or (byte)'%')
                return false;
        }

        return true;
    }
}
