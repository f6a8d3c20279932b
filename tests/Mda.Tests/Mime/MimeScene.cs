using System.Text;
using MailSuite.Mda.Mime;
using MailSuite.Testing;

namespace MailSuite.Mda.Tests.Mime;

/// <summary>Texts in, texts out; octets above 127 are Latin-1.</summary>
internal static class MimeScene
{
    internal static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text.ReplaceLineEndings("\r\n"));

    internal static WireFacts Facts(string text) => WireFacts.Of([], Octets(text));

    internal static string Envelope(string text) => Encoding.Latin1.GetString(Facts(text).Envelope);

    internal static string Structure(string text) => Encoding.Latin1.GetString(Facts(text).Structure);

    internal static string Body(string text)
    {
        var wire = new OctetBuffer();
        BodyStructure.WriteBody(Facts(text).Structure, wire);
        return Encoding.Latin1.GetString(wire.Written);
    }

    /// <summary>The text of a section, CRLF shown as a bar; <see langword="null"/> where there is none.</summary>
    internal static string? Section(string text, SectionText what, params uint[] path) =>
        Facts(text).Index.Find(path, what) is { } range ? Encoding.Latin1.GetString(Octets(text).AsSpan((int)range.Start, (int)range.Length)).Replace("\r\n", "|", StringComparison.Ordinal) : null;

    /// <summary>All mails that there are to try things with.</summary>
    internal static IReadOnlyList<byte[]> Corpus { get; } = [.. OddMails.All.Select(mail => mail.Octets), .. TestVectors.Messages().Select(File.ReadAllBytes)];
}
