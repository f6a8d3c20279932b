using MailSuite.Mda.Search.Keys;
using MailSuite.Mda.Search.Text;

namespace MailSuite.Mda.Search.Evaluation;

/// <summary>A criterion about text: where the index leads to candidates, and what is looked for in a text. The same look decides in the stored text and in the octets.</summary>
/// <param name="Needle">What the index is asked for, folded, without accents; empty when it cannot be asked.</param>
/// <param name="InHead">The header's text is asked.</param>
/// <param name="InBody">The body's text is asked.</param>
/// <param name="LooksAtHead">Says whether a whole header's text is a hit.</param>
/// <param name="Overlap">Octets of a body that must hang together to be a hit.</param>
internal sealed record TextProbe(ReadOnlyMemory<byte> Needle, bool InHead, bool InBody, TextProbe.Look LooksAtHead, TextProbe.Look LooksAtBody, int Overlap)
{
    internal delegate bool Look(ReadOnlySpan<byte> text);

    internal static TextProbe? Of(SearchCriterion criterion) => criterion switch
    {
        SearchCriterion.Header header => OfField(header),
        SearchCriterion.Body { Needle: var needle } => new TextProbe(
            FoldedText.WithoutAccents(needle), InHead: false, InBody: true, static _ => false, text => text.IndexOf(needle.Span) >= 0, needle.Length),
        SearchCriterion.Text { Needle: var needle } => new TextProbe(
            FoldedText.WithoutAccents(needle), InHead: true, InBody: true, text => text.IndexOf(needle.Span) >= 0, text => text.IndexOf(needle.Span) >= 0, needle.Length),
        SearchCriterion.Word word => OfWord(word),
        _ => null,
    };

    private static TextProbe OfField(SearchCriterion.Header header)
    {
        byte[] start = [FoldedText.Separator, .. header.Name.Span, (byte)':'];
        // An empty needle asks for the field itself; its name is in the header's text, so the index knows it too.
        var needle = FoldedText.WithoutAccents(header.Needle.IsEmpty ? start : header.Needle);
        return new TextProbe(needle, InHead: true, InBody: false, text => FieldContains(text, start, header.Needle.Span), static _ => false, 0);
    }

    private static TextProbe OfWord(SearchCriterion.Word word)
    {
        var starts = word.Fields.Select(field => (byte[])[FoldedText.Separator, .. field.Span, (byte)':']).ToArray();
        var needle = word.Needle;
        return new TextProbe(
            needle, InHead: starts.Length > 0, word.InBody,
            text =>
            {
                var plain = FoldedText.WithoutAccents(text.ToArray()).Span;
                foreach (var start in starts)
                {
                    if (FieldContains(plain, start, needle.Span))
                        return true;
                }

                return false;
            },
            text => (System.Text.Ascii.IsValid(text) ? text : FoldedText.WithoutAccents(text.ToArray()).Span).IndexOf(needle.Span) >= 0,
            // An accent is two octets at least, and a letter has a few at most.
            needle.Length * 8);
    }

    /// <param name="start">A separator, the name, a colon.</param>
    private static bool FieldContains(ReadOnlySpan<byte> head, ReadOnlySpan<byte> start, ReadOnlySpan<byte> needle)
    {
        var end = head.IndexOf(MessageText.PartHeaders);
        if (end >= 0)
            head = head[..end];
        while (head.IndexOf(start) is var at and >= 0)
        {
            head = head[(at + start.Length)..];
            var lineEnd = head.IndexOf(FoldedText.Separator);
            var value = lineEnd < 0 ? head : head[..lineEnd];
            if (value.StartsWith(" "u8))
                value = value[1..];
            if (value.IndexOf(needle) >= 0)
                return true;
            head = lineEnd < 0 ? [] : head[lineEnd..];
        }

        return false;
    }
}
