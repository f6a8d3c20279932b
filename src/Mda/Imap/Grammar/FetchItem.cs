using System.Text;
using MailSuite.Mda.Mime;

namespace MailSuite.Mda.Imap.Grammar;

/// <summary>What FETCH can ask of a message (RFC 9051 §6.4.5, RFC 3501 §6.4.5 and the extensions beside each).</summary>
internal enum FetchKind : byte
{
    Uid,
    Flags,
    InternalDate,

    /// <summary>RFC822.SIZE.</summary>
    Size,

    /// <summary>RFC 7162 §3.1.</summary>
    ModSeq,
    Envelope,

    /// <summary>BODY without a section: the structure without its extensions.</summary>
    Body,
    BodyStructure,

    /// <summary>RFC 8474 §5.</summary>
    EmailId,
    ThreadId,

    /// <summary>RFC 8514.</summary>
    SaveDate,

    /// <summary>RFC 8970.</summary>
    Preview,

    /// <summary>BODY[…], and RFC822, RFC822.HEADER, RFC822.TEXT of RFC 3501.</summary>
    Section,

    /// <summary>RFC 9051 §6.4.5, from RFC 3516.</summary>
    Binary,
    BinarySize,
}

/// <summary>One thing that FETCH asks for.</summary>
/// <param name="Label">What stands before the value in the response: <c>BODY[TEXT]&lt;0&gt;</c>.</param>
/// <param name="SetsSeen">Reading it sets \Seen.</param>
/// <param name="IsLazy">PREVIEW (LAZY): only what is known already (RFC 8970 §4.1).</param>
internal sealed record FetchItem(FetchKind Kind, ReadOnlyMemory<byte> Label, SectionPath Section, PartialRange? Partial = null, bool SetsSeen = false, bool IsLazy = false)
{
    internal static FetchItem Of(FetchKind kind, string label) => new(kind, Encoding.ASCII.GetBytes(label), SectionPath.Whole);
}

/// <summary>Octets of a section: <c>&lt;0.1024&gt;</c> asks for the first 1024.</summary>
/// <param name="Length">1 at least.</param>
internal readonly record struct PartialRange(long Start, long Length);

/// <summary>A section (RFC 9051 §6.4.5.1): which part, and what of it.</summary>
/// <param name="Part">Part numbers from the outside in, from 1; empty for the message itself.</param>
/// <param name="Fields">Names of header fields as the client wrote them, where only some fields of the header are asked for.</param>
/// <param name="IsAllBut">All other fields are (HEADER.FIELDS.NOT).</param>
internal sealed record SectionPath(ReadOnlyMemory<uint> Part, SectionText Text, IReadOnlyList<byte[]> Fields, bool IsAllBut = false)
{
    internal static readonly SectionPath Whole = new(default, SectionText.Whole, []);

    internal static readonly SectionPath Header = Whole with { Text = SectionText.Header };

    internal static readonly SectionPath Body = Whole with { Text = SectionText.Text };

    /// <summary>Whether the header of the message is all it takes.</summary>
    internal bool IsOfHeader => Part.IsEmpty && Text == SectionText.Header;
}
