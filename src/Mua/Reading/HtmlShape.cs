using MimeKit.Text;

namespace MailSuite.Mua.Reading;

/// <summary>Measures HTML before it is parsed into a tree, so that nothing nests or repeats without end.</summary>
internal static class HtmlShape
{
    /// <summary>Whether it has few enough elements, and few enough inside one another, to be sanitised.</summary>
    /// <remarks>
    /// The depth is never counted too low: an end tag closes only its own element, since a browser too keeps a DIV open that began in a
    /// closed B. Elements whose end tag may be left out do not nest by themselves.
    /// </remarks>
    internal static bool IsBounded(string html)
    {
        var elements = 0;
        var depth = 0;
        var open = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var tokens = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = false };
        while (tokens.ReadNextToken(out var token))
        {
            if (token is not HtmlTagToken tag || tag.IsEmptyElement || IsVoidOrSelfClosing(tag.Id))
            {
                if (token is HtmlTagToken && ++elements > ReadingLimits.MaxHtmlElements)
                    return false;
                continue;
            }

            if (!tag.IsEndTag)
            {
                open[tag.Name] = open.GetValueOrDefault(tag.Name) + 1;
                if (++elements > ReadingLimits.MaxHtmlElements || ++depth > ReadingLimits.MaxHtmlDepth || tag.Attributes.Count > 200)
                    return false;
            }
            else if (open.GetValueOrDefault(tag.Name) is > 0 and var count)
            {
                open[tag.Name] = count - 1;
                depth--;
            }
        }

        return true;
    }

    private static bool IsVoidOrSelfClosing(HtmlTagId id) => id is HtmlTagId.Area or HtmlTagId.Base or HtmlTagId.Br or HtmlTagId.Col or HtmlTagId.HR or HtmlTagId.Image
        or HtmlTagId.Input or HtmlTagId.Link or HtmlTagId.Meta or HtmlTagId.Source or HtmlTagId.Wbr or HtmlTagId.P or HtmlTagId.LI or HtmlTagId.DT or HtmlTagId.DD
        or HtmlTagId.TR or HtmlTagId.TD or HtmlTagId.TH or HtmlTagId.TBody or HtmlTagId.THead or HtmlTagId.Tfoot or HtmlTagId.Option;
}
