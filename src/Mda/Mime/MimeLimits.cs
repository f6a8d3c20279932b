namespace MailSuite.Mda.Mime;

/// <summary>How far a message is taken apart. What lies beyond is still served, as part of what holds it; only its structure is not told.</summary>
/// <remarks>Real mail stays far below all of them; depth and parts are those of Dovecot.</remarks>
internal static class MimeLimits
{
    /// <summary>Parts within parts, encapsulated messages counted. A part at this depth holds none.</summary>
    internal const int MaxDepth = 100;

    /// <summary>Parts of one message, the message itself counted.</summary>
    internal const int MaxParts = 10_000;

    /// <summary>Octets of one header whose fields are looked at: an envelope with some thousand recipients.</summary>
    internal const int MaxHeaderOctets = 256 * 1024;

    /// <summary>Fields of one header that are kept for the envelope and the structure.</summary>
    internal const int MaxFields = 64;

    /// <summary>Addresses of all fields of one kind; 2,000 octets of commas would else make 30,000 octets of wire.</summary>
    internal const int MaxAddresses = 4_000;

    /// <summary>Parameters of one field.</summary>
    internal const int MaxParameters = 200;

    /// <summary>Octets of a boundary that are compared; RFC 2046 §5.1.1 allows 70.</summary>
    internal const int MaxBoundaryOctets = 200;

    /// <summary>Octets of a line that may be a delimiter: two hyphens, the boundary, two hyphens more.</summary>
    internal const int MaxDelimiterOctets = MaxBoundaryOctets + 6;

    /// <summary>Comments within comments (RFC 5322 §3.2.2); deeper parentheses are text.</summary>
    internal const int MaxCommentDepth = 100;
}
