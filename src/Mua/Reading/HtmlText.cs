using System.Text;
using MimeKit.Text;

namespace MailSuite.Mua.Reading;

/// <summary>Turns HTML into text for quoting, for the command line and for people who want no HTML. Never recursive, so never too deep.</summary>
internal static class HtmlText
{
    internal static string Convert(string html)
    {
        var text = new StringBuilder(html.Length / 2);
        string? skipped = null;
        string? link = null;
        var linkStart = 0;
        var tokens = new HtmlTokenizer(new StringReader(html));
        while (tokens.ReadNextToken(out var token))
        {
            switch (token)
            {
                case HtmlTagToken tag when skipped is not null:
                    if (tag.IsEndTag && string.Equals(tag.Name, skipped, StringComparison.OrdinalIgnoreCase))
                        skipped = null;
                    break;
                case HtmlTagToken { Id: HtmlTagId.Script or HtmlTagId.Style or HtmlTagId.Title or HtmlTagId.Head, IsEndTag: false, IsEmptyElement: false } tag:
                    skipped = tag.Name;
                    break;
                case HtmlTagToken { Id: HtmlTagId.A } tag:
                    if (tag.IsEndTag)
                        EndLink(text, ref link, linkStart);
                    else
                        (link, linkStart) = (Attribute(tag, HtmlAttributeId.Href), text.Length);
                    break;
                case HtmlTagToken tag:
                    Break(text, tag);
                    break;
                case HtmlDataToken data when skipped is null:
                    Append(text, data.Data);
                    break;
            }
        }

        EndLink(text, ref link, linkStart);
        return text.ToString().Trim();
    }

    private static void Break(StringBuilder text, HtmlTagToken tag)
    {
        switch (tag.Id)
        {
            case HtmlTagId.Br:
                text.Append('\n');
                break;
            case HtmlTagId.P or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.H4 or HtmlTagId.H5 or HtmlTagId.H6 or HtmlTagId.BlockQuote or HtmlTagId.UL
                or HtmlTagId.OL or HtmlTagId.Table:
                EndLine(text, blankLine: true);
                break;
            case HtmlTagId.LI when !tag.IsEndTag:
                EndLine(text, blankLine: false);
                text.Append("- ");
                break;
            case HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.LI or HtmlTagId.Pre or HtmlTagId.Center or HtmlTagId.DT or HtmlTagId.DD:
                EndLine(text, blankLine: false);
                break;
            case HtmlTagId.TD or HtmlTagId.TH when tag.IsEndTag:
                Append(text, " ");
                break;
            case HtmlTagId.HR when !tag.IsEndTag:
                EndLine(text, blankLine: false);
                text.Append("----\n");
                break;
            case HtmlTagId.Image when !tag.IsEndTag && Attribute(tag, HtmlAttributeId.Alt) is { Length: > 0 } alternative:
                Append(text, $"[{alternative}]");
                break;
        }
    }

    /// <summary>White space counts as one blank, none at the start of a line.</summary>
    private static void Append(StringBuilder text, string data)
    {
        foreach (var c in data)
        {
            if (!char.IsWhiteSpace(c) || c == '\u00A0')
                text.Append(c);
            else if (text.Length > 0 && text[^1] is not (' ' or '\n'))
                text.Append(' ');
        }
    }

    private static void EndLine(StringBuilder text, bool blankLine)
    {
        while (text.Length > 0 && text[^1] == ' ')
            text.Length--;
        if (text.Length == 0)
            return;
        if (text[^1] != '\n')
            text.Append('\n');
        if (blankLine && (text.Length < 2 || text[^2] != '\n'))
            text.Append('\n');
    }

    /// <summary>Says where a link leads when its words do not.</summary>
    private static void EndLink(StringBuilder text, ref string? link, int start)
    {
        if (link is { Length: > 0 and < 500 } && (link.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || link.StartsWith("https:", StringComparison.OrdinalIgnoreCase)))
        {
            var words = text.ToString(Math.Min(start, text.Length), Math.Max(0, text.Length - start)).Trim();
            if (words.Length > 0 && !link.Contains(words, StringComparison.OrdinalIgnoreCase))
                text.Append($" <{link}>");
        }

        link = null;
    }

    private static string? Attribute(HtmlTagToken tag, HtmlAttributeId id)
    {
        foreach (var attribute in tag.Attributes)
        {
            if (attribute.Id == id)
                return attribute.Value;
        }

        return null;
    }
}
