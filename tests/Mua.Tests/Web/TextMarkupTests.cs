using CsCheck;
using MailSuite.Mua.Tests.Support;
using MailSuite.Mua.Web;

namespace MailSuite.Mua.Tests.Web;

public sealed class TextMarkupTests
{
    [Theory]
    [InlineData("<b>x</b> & y", "&lt;b&gt;x&lt;/b&gt; &amp; y\n")]
    [InlineData("> a\n>> b\nc", "<blockquote>a\n<blockquote>b\n</blockquote></blockquote>c\n")]
    [InlineData("> > b", "<blockquote><blockquote>b\n</blockquote></blockquote>")]
    public void Shows(string text, string html) => Assert.Equal(html, TextMarkup.Render(text));

    [Theory]
    [InlineData("See https://example.org/a?b=c&d.", "https://example.org/a?b=c&amp;d")]
    [InlineData("(http://example.org)", "http://example.org")]
    public void Makes_a_link_of(string text, string link) => Assert.Contains($"<a href=\"{link}\" target=\"_blank\"", TextMarkup.Render(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://")]
    public void Makes_no_link_of(string text) => Assert.DoesNotContain("<a", TextMarkup.Render(text), StringComparison.Ordinal);

    [Fact]
    public void Lets_nothing_of_the_text_become_markup() => Pieces.Of(40, "<", ">", "\"", "'", "https://x.y/", "\n", " ", "a", "&", "onclick=", ">>").Sample(text =>
    {
        var html = TextMarkup.Render(text);
        foreach (var own in new[] { "<blockquote>", "</blockquote>", "\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">", "<a href=\"", "</a>" })
            html = html.Replace(own, "", StringComparison.Ordinal);
        return html.IndexOfAny(['<', '>', '"']) < 0;
    });
}
