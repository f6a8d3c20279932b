using System.Text;
using MailSuite.Mda.Mailboxes;

namespace MailSuite.Mda.Tests.Mailboxes;

public sealed class MetadataEntryTests
{
    [Theory]
    [InlineData("/shared/comment", "/shared/comment", false)]
    [InlineData("/Private/Vendor/X", "/private/vendor/x", true)]
    public void Reads_names_in_small_letters(string text, string name, bool isPrivate)
    {
        Assert.True(MetadataEntry.TryParse(Encoding.ASCII.GetBytes(text), out var entry));
        Assert.Equal((name, isPrivate), (entry.Name, entry.IsPrivate));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/comment")]
    [InlineData("shared/comment")]
    [InlineData("/shared")]
    [InlineData("/shared/")]
    [InlineData("/shared//x")]
    [InlineData("/shared/x/")]
    [InlineData("/shared/x*")]
    [InlineData("/shared/%")]
    [InlineData("/shared/x\u0001")]
    [InlineData("/shared/é")]
    public void Refuses_what_is_none(string text) => Assert.False(MetadataEntry.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Has_255_octets_at_most()
    {
        Assert.True(MetadataEntry.TryParse(Encoding.ASCII.GetBytes("/shared/" + new string('x', 247)), out _));
        Assert.False(MetadataEntry.TryParse(Encoding.ASCII.GetBytes("/shared/" + new string('x', 248)), out _));
    }

    [Theory]
    [InlineData("/shared/a", 0, true)]
    [InlineData("/shared/a/b", 0, false)]
    [InlineData("/shared/a/b", 1, true)]
    [InlineData("/shared/a/b/c", 1, false)]
    [InlineData("/shared/a/b/c", int.MaxValue, true)]
    [InlineData("/shared/ab", int.MaxValue, false)]
    public void Covers_what_lies_below_it(string name, int depth, bool covers)
    {
        Assert.True(MetadataEntry.TryParse("/shared/a"u8, out var entry));
        Assert.Equal(covers, entry.Covers(name, depth));
    }
}
