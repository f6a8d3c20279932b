using System.Text.RegularExpressions;
using AngleSharp.Css.Dom;
using AngleSharp.Dom;
using Ganss.Xss;

namespace MailSuite.Mua.Reading;

/// <summary>What of a message's HTML may be shown. Everything that is not named here is taken out.</summary>
/// <remarks>
/// It is one of two walls: what it lets through is shown in a sandboxed frame under a Content-Security-Policy that runs no script and
/// fetches nothing from strangers.
/// </remarks>
internal static partial class HtmlPolicy
{
    private static readonly HashSet<string> Tags = new(StringComparer.OrdinalIgnoreCase)
    {
        "html", "head", "body", "style",
        "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col", "colgroup", "dd", "del", "details",
        "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main",
        "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th",
        "thead", "tr", "tt", "u", "ul", "var", "wbr",
    };

    private static readonly HashSet<string> Attributes = new(StringComparer.OrdinalIgnoreCase)
    {
        "align", "alt", "background", "bgcolor", "border", "cellpadding", "cellspacing", "class", "color", "colspan", "dir", "face", "height", "href", "hspace", "id", "lang",
        "rowspan", "size", "span", "src", "start", "style", "summary", "title", "type", "valign", "value", "vspace", "width",
    };

    private static readonly HashSet<string> UriAttributes = new(StringComparer.OrdinalIgnoreCase) { "background", "href", "src" };

    private static readonly HashSet<string> Schemes = new(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto", "tel", "cid", "data" };

    /// <summary>Elements whose content is no text for people.</summary>
    private static readonly HashSet<string> Silent = new(StringComparer.OrdinalIgnoreCase)
    {
        "script", "noscript", "title", "template", "iframe", "object", "embed", "applet", "svg", "math", "noembed", "noframes", "xmp", "textarea", "select", "audio", "video", "canvas",
    };

    private static readonly HashSet<string> CssProperties = AllowedCss();

    /// <summary>Makes HTML harmless.</summary>
    /// <param name="inlinePicture">The address under which the part with this Content-ID is shown, or <see langword="null"/>.</param>
    /// <param name="allowRemote">Whether pictures may come from other hosts, which tells those hosts that the message is being read.</param>
    internal static SanitizedHtml Sanitize(string html, Func<string, string?> inlinePicture, bool allowRemote)
    {
        var blocked = 0;
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = Tags,
            AllowedAttributes = Attributes,
            UriAttributes = UriAttributes,
            AllowedSchemes = Schemes,
            AllowedCssProperties = CssProperties,
            AllowedAtRules = new HashSet<CssRuleType> { CssRuleType.Style, CssRuleType.Media },
        })
        {
            KeepChildNodes = true,
            DisallowCssPropertyValue = ForbiddenCss(),
        };
        sanitizer.RemovingTag += (_, e) =>
        {
            if (Silent.Contains(e.Tag.LocalName))
                e.Tag.TextContent = "";
        };
        sanitizer.FilterUrl += (_, e) => e.SanitizedUrl = IsLink(e.Tag) ? Link(e.OriginalUrl) : Picture(e.OriginalUrl, inlinePicture, allowRemote, ref blocked);
        sanitizer.PostProcessNode += (_, e) =>
        {
            if (e.Node is not IElement element || !IsLink(element))
                return;

            element.SetAttribute("target", "_blank");
            element.SetAttribute("rel", "noopener noreferrer nofollow");
        };
        return new SanitizedHtml(sanitizer.SanitizeDocument(html), blocked);
    }

    /// <summary>Functions that take an address as a bare string, which the sanitiser does not see as one (CSS Images 4 §2.4), and tags.</summary>
    [GeneratedRegex(@"[<>]|image-set|cross-fade|image\(|src\(", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ForbiddenCss();

    private static bool IsLink(IElement? element) => element is not null && element.LocalName.Equals("a", StringComparison.OrdinalIgnoreCase);

    private static string? Link(string url)
    {
        url = url.Trim();
        return Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "mailto" or "tel" ? url : null;
    }

    private static string? Picture(string url, Func<string, string?> inlinePicture, bool allowRemote, ref int blocked)
    {
        url = url.Trim();
        if (url.StartsWith("cid:", StringComparison.OrdinalIgnoreCase))
            return inlinePicture(Uri.UnescapeDataString(url[4..]).Trim('<', '>'));

        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            return IsPictureData(url) ? url : null;

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return null;

        if (allowRemote)
            return url;

        blocked++;
        return null;
    }

    private static bool IsPictureData(string url)
    {
        ReadOnlySpan<string> types = ["image/png", "image/jpeg", "image/gif", "image/webp"];
        foreach (var type in types)
        {
            if (url.AsSpan(5).StartsWith(type, StringComparison.OrdinalIgnoreCase) && url.AsSpan(5 + type.Length) is [';' or ',', ..])
                return true;
        }

        return false;
    }

    /// <summary>The sanitiser's own list without what draws over other things or moves.</summary>
    private static HashSet<string> AllowedCss()
    {
        var properties = new HashSet<string>(HtmlSanitizerDefaults.AllowedCssProperties, StringComparer.OrdinalIgnoreCase);
        properties.RemoveWhere(p => p.StartsWith("animation", StringComparison.OrdinalIgnoreCase) || p.StartsWith("transition", StringComparison.OrdinalIgnoreCase)
            || p is "position" or "z-index" or "cursor" or "content" or "behavior" or "-moz-binding");
        return properties;
    }
}

/// <param name="Document">A whole HTML document.</param>
/// <param name="BlockedPictures">Pictures of other hosts that were left out.</param>
internal sealed record SanitizedHtml(string Document, int BlockedPictures);
