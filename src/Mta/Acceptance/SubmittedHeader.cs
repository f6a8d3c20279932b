using System.Text;
using MailSuite.Shared.Addressing;
using MimeKit;

namespace MailSuite.Mta.Acceptance;

/// <summary>What the header of a submitted message says of who writes (RFC 5322 §3.6.2): every address of every From and Sender field.</summary>
/// <remarks>Anything may stand there. What cannot be read as addresses is an author too, of whom nobody can say who it is.</remarks>
internal static class SubmittedHeader
{
    /// <summary>Authors that are looked at; a message with more has none that could be believed.</summary>
    private const int MaxAuthors = 100;

    public static IReadOnlyList<Author> AuthorsOf(ReadOnlySpan<byte> header)
    {
        List<Author> authors = [];
        for (var at = 0; at < header.Length && authors.Count <= MaxAuthors;)
        {
            var field = HeaderScan.FieldAt(header[at..]);
            at += field.Length;
            if (!HeaderScan.TryName(field, out var name))
                continue;

            if (Ascii.EqualsIgnoreCase(name, "From"u8))
                Add(authors, "From", field);
            else if (Ascii.EqualsIgnoreCase(name, "Sender"u8))
                Add(authors, "Sender", field);
        }

        return authors.Count > MaxAuthors ? [new Author("From", null)] : authors;
    }

    /// <summary>Bcc and Resent-Bcc are for nobody's eyes (RFC 5322 §3.6.3, §3.6.6).</summary>
    public static bool IsBlindCopy(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(name, "Bcc"u8) || Ascii.EqualsIgnoreCase(name, "Resent-Bcc"u8);

    private static void Add(List<Author> authors, string name, ReadOnlySpan<byte> field)
    {
        var before = authors.Count;
        var body = field[(field.IndexOf((byte)':') + 1)..].ToArray();
        if (InternetAddressList.TryParse(body, out var addresses))
        {
            foreach (var mailbox in addresses.Mailboxes.Take(MaxAuthors + 1))
                authors.Add(new Author(name, EnvelopeAddress.TryParse(mailbox.Address, out var address) ? address : null));
        }

        if (authors.Count == before)
            authors.Add(new Author(name, null));
    }

    /// <param name="Field">The name of the field.</param>
    /// <param name="Address"><see langword="null"/> when the field has none that can be read.</param>
    internal readonly record struct Author(string Field, EnvelopeAddress? Address);
}
