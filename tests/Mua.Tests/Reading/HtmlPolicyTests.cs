using CsCheck;
using MailSuite.Mua.Reading;
using MailSuite.Mua.Tests.Support;

namespace MailSuite.Mua.Tests.Reading;

public sealed class HtmlPolicyTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "alert")]
    [InlineData("<img src=x onerror=alert(1)>", "onerror")]
    [InlineData("<svg onload=alert(1)><script>alert(2)</script></svg>", "svg")]
    [InlineData("<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>", "onerror")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>", "javascript")]
    [InlineData("<a href=\" java\nscript:alert(1)\">x</a>", "alert")]
    [InlineData("<a href=\"data:text/html,<script>alert(1)</script>\">x</a>", "data:text")]
    [InlineData("<a href=\"vbscript:msgbox(1)\">x</a>", "vbscript")]
    [InlineData("<iframe src=\"https://evil.example\"></iframe>", "iframe")]
    [InlineData("<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>", "srcdoc")]
    [InlineData("<object data=\"https://evil.example/x.swf\"></object>", "object")]
    [InlineData("<embed src=\"https://evil.example/x.swf\">", "embed")]
    [InlineData("<form action=\"https://evil.example\"><input name=password><button>Go</button></form>", "<form")]
    [InlineData("<form action=\"https://evil.example\"><input name=password></form>", "<input")]
    [InlineData("<base href=\"https://evil.example/\">", "<base")]
    [InlineData("<meta http-equiv=refresh content=\"0;url=https://evil.example\">", "<meta")]
    [InlineData("<link rel=stylesheet href=\"https://evil.example/x.css\">", "<link")]
    [InlineData("<style>@import url(https://evil.example/x.css);</style>", "evil.example")]
    [InlineData("<style>body{background:url(https://evil.example/x.png)}</style>", "evil.example")]
    [InlineData("<style>@font-face{font-family:x;src:url(https://evil.example/x.woff)}</style>", "evil.example")]
    [InlineData("<p style=\"background-image:url(https://evil.example/x.png)\">x</p>", "evil.example")]
    [InlineData("<p style=\"background:url('https://evil.example/x.png')\">x</p>", "evil.example")]
    [InlineData("<p style=\"list-style-image:url(https://evil.example/x.png)\">x</p>", "evil.example")]
    [InlineData("<p style=\"background-image:image-set('https://evil.example/x.png' 1x)\">x</p>", "evil.example")]
    [InlineData("<p style=\"background-image:image\\2dset('https://evil.example/x.png' 1x)\">x</p>", "evil.example")]
    [InlineData("<style>@media screen{p{background-image:-webkit-image-set(\"https://evil.example/x.png\" 1x)}}</style>", "evil.example")]
    [InlineData("<style>@\\69mport \"https://evil.example/x.css\";:root{--x:url(https://evil.example/x.png)}b{background:var(--x)}</style>", "evil.example")]
    [InlineData("<p style=\"width:expression(alert(1))\">x</p>", "expression")]
    [InlineData("<p style=\"behavior:url(x.htc)\">x</p>", "behavior")]
    [InlineData("<p style=\"position:fixed;top:0\">x</p>", "fixed")]
    [InlineData("<table background=\"https://evil.example/x.png\"><tr><td>x</td></tr></table>", "evil.example")]
    [InlineData("<img srcset=\"https://evil.example/x.png 2x\">", "evil.example")]
    [InlineData("<video src=\"https://evil.example/x.mp4\" poster=\"https://evil.example/x.png\"></video>", "evil.example")]
    [InlineData("<img src=\"//evil.example/x.png\">", "evil.example")]
    [InlineData("<img src=\"/mail/1/2/raw\">", "/mail/1")]
    [InlineData("<a href=\"/sign-out\">x</a>", "sign-out")]
    [InlineData("<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">", "svg")]
    [InlineData("<template><script>alert(1)</script></template>", "alert")]
    [InlineData("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>", "<img src=\"x\" onerror")]
    [InlineData("<p><!--><img src=x onerror=alert(1)>--></p>", "onerror")]
    [InlineData("<p onclick=alert(1) onmouseover=alert(2)>x</p>", "alert")]
    public void Takes_out(string html, string gone) => Assert.DoesNotContain(gone, Sanitize(html).Document, StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData("<h1>Title</h1>", "<h1>Title</h1>")]
    [InlineData("<p style=\"color: red\">x</p>", "color: rgba(255, 0, 0, 1)")]
    [InlineData("<table><tr><td colspan=\"2\" align=\"center\">x</td></tr></table>", "<td colspan=\"2\" align=\"center\">x</td>")]
    [InlineData("<style>.a{color:#123456}</style><p class=\"a\">x</p>", "class=\"a\"")]
    [InlineData("<ul><li>x</li></ul>", "<ul><li>x</li></ul>")]
    [InlineData("<img src=\"data:image/png;base64,iVBORw0KGgo=\" alt=\"x\">", "data:image/png;base64,iVBORw0KGgo=")]
    [InlineData("<form><p>words in a form</p></form>", "words in a form")]
    [InlineData("<o:p>Office words</o:p>", "Office words")]
    public void Keeps(string html, string kept) => Assert.Contains(kept, Sanitize(html).Document, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void Leaves_out_pictures_of_other_hosts_and_counts_them_until_they_are_wanted()
    {
        const string Html = "<img src=\"https://a.example/1.png\" alt=\"one\"><img src=\"http://b.example/2.png\"><p style=\"background:url(https://c.example/3.png)\">x</p>";

        var careful = Sanitize(Html);
        Assert.Equal(3, careful.BlockedPictures);
        Assert.DoesNotContain(".png", careful.Document, StringComparison.Ordinal);
        Assert.Contains("alt=\"one\"", careful.Document, StringComparison.Ordinal);

        var wanted = HtmlPolicy.Sanitize(Html, _ => null, allowRemote: true);
        Assert.Equal(0, wanted.BlockedPictures);
        Assert.Contains("https://a.example/1.png", wanted.Document, StringComparison.Ordinal);
    }

    [Fact]
    public void Draws_the_pictures_that_the_message_brings()
    {
        var shown = HtmlPolicy.Sanitize("<img src=\"cid:a%40b\"><img src=\"cid:unknown\">", id => id == "a@b" ? "/mail/inline/x" : null, allowRemote: false).Document;

        Assert.Contains("<img src=\"/mail/inline/x\">", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("cid:", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Opens_links_elsewhere_and_gives_the_stranger_no_handle_on_us()
    {
        var shown = Sanitize("<a href=\"https://example.org/\" target=\"_top\" rel=\"opener\">x</a>").Document;
        Assert.Contains("href=\"https://example.org/\" target=\"_blank\" rel=\"noopener noreferrer nofollow\"", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("div")]
    [InlineData("b")]
    [InlineData("blockquote")]
    [InlineData("table")]
    public void Does_not_begin_with_what_nests_without_end(string element)
    {
        var nested = string.Concat(Enumerable.Repeat($"<{element}>", ReadingLimits.MaxHtmlDepth));
        Assert.True(HtmlShape.IsBounded(nested));
        Assert.False(HtmlShape.IsBounded(nested + $"<{element}>"));
        Assert.False(HtmlShape.IsBounded(string.Concat(Enumerable.Repeat($"<{element}></i>", ReadingLimits.MaxHtmlDepth + 1))));
        Assert.False(HtmlShape.IsBounded(string.Concat(Enumerable.Repeat($"<i><{element}></i>", ReadingLimits.MaxHtmlDepth + 1))));
    }

    [Theory]
    [InlineData("noscript")]
    [InlineData("noembed")]
    [InlineData("noframes")]
    [InlineData("title")]
    [InlineData("svg")]
    [InlineData("template")]
    [InlineData("p")]
    public void Is_not_overturned_by_depth_that_one_parser_takes_for_text_and_another_for_elements(string around)
    {
        // Past the measure, as if it had seen no element: the tree's own builder nests 512 deep at most.
        var shown = Sanitize($"<{around}>" + string.Concat(Enumerable.Repeat("<div>", 20_000)));
        Assert.DoesNotContain(string.Concat(Enumerable.Repeat("<div>", 513)), shown.Document, StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_begin_with_elements_without_number()
    {
        var many = string.Concat(Enumerable.Repeat("<p>x</p>", ReadingLimits.MaxHtmlElements));
        Assert.False(HtmlShape.IsBounded(many + many));
        Assert.True(HtmlShape.IsBounded(string.Concat(Enumerable.Repeat("<tr><td>x", 1000))));
    }

    [Fact]
    public void Takes_anything_without_throwing()
    {
        var pieces = Pieces.Of(40, "<", ">", "<p", " style=\"", "url(", ")", "\"", "<!--", "-->", "<style>", "</style>", "<a href=", "javascript:", "<svg>", "<table>", "</p>", "&#x", ";", "\0", "x", "<![CDATA[", "</script", "@media{");
        pieces.Sample(html =>
        {
            _ = HtmlText.Convert(html);
            return !HtmlShape.IsBounded(html) || !Sanitize(html).Document.Contains("<script", StringComparison.OrdinalIgnoreCase);
        }, iter: 2000);
    }

    private static SanitizedHtml Sanitize(string html) => HtmlPolicy.Sanitize(html, _ => null, allowRemote: false);
}
