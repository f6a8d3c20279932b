using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace MailSuite.Mua.Web;

/// <summary>Shows plain text as people read it: links can be clicked, quotations stand back by their depth (RFC 3676 §4.5).</summary>
internal static class TextMarkup
{
    /// <summary>Linear in the text, whoever wrote it.</summary>
    private static readonly Regex Links = new(@"\bhttps?://[^\s<>""]{2,500}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    private const int MaxQuoteDepth = 6;

    internal static string Render(string text)
    {
        var html = new StringBuilder(text.Length + 256);
        var depth = 0;
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            var (level, rest) = Unquote(line);
            for (; depth < level; depth++)
                html.Append("<blockquote>");
            for (; depth > level; depth--)
                html.Append("</blockquote>");
            AppendLine(html, rest);
            html.Append('\n');
        }

        for (; depth > 0; depth--)
            html.Append("</blockquote>");
        return html.ToString();
    }

    private static (int Level, string Words) Unquote(string line)
    {
        var level = 0;
        var at = 0;
        while (at < line.Length && line[at] == '>' && level < MaxQuoteDepth)
        {
            level++;
            at++;
            // "> > x" is the second level too; but the blank of "> x" belongs to the mark.
            if (at < line.Length && line[at] == ' ')
                at++;
        }

        return (level, line[at..]);
    }

    private static void AppendLine(StringBuilder html, string line)
    {
        var at = 0;
        foreach (var match in Links.EnumerateMatches(line))
        {
            var length = match.Length;
            // What ends a sentence does not belong to the address in it.
            while (length > 0 && line[match.Index + length - 1] is '.' or ',' or ';' or ':' or '!' or '?' or ')' or ']' or '\'' or '"')
                length--;
            var link = line.Substring(match.Index, length);
            html.Append(WebUtility.HtmlEncode(line[at..match.Index]))
                .Append("<a href=\"").Append(WebUtility.HtmlEncode(link)).Append("\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">")
                .Append(WebUtility.HtmlEncode(link)).Append("</a>");
            at = match.Index + length;
        }

        html.Append(WebUtility.HtmlEncode(line[at..]));
    }
}
