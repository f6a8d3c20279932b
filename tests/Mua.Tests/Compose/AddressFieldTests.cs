using CsCheck;
using MailSuite.Mua.Compose;

namespace MailSuite.Mua.Tests.Compose;

public sealed class AddressFieldTests
{
    [Theory]
    [InlineData("ann@example.net", "ann@example.net")]
    [InlineData(" Ann <ann@example.net>, ", "ann@example.net")]
    [InlineData("ann@example.net; bob@example.org", "ann@example.net bob@example.org")]
    [InlineData("ann@example.net\r\nbob@example.org\n", "ann@example.net bob@example.org")]
    [InlineData("ann@example.net, ann@example.net", "ann@example.net")]
    [InlineData("friends: ann@example.net, bob@example.org;", "ann@example.net bob@example.org")]
    [InlineData("", "")]
    [InlineData(" , ;", "")]
    public void Reads(string typed, string addresses)
    {
        var recipients = AddressField.Read(typed, out var error);

        Assert.Null(error);
        Assert.Equal(addresses, string.Join(' ', recipients.Envelope));
    }

    [Theory]
    [InlineData("ann", "ann")]
    [InlineData("ann@", "ann@")]
    [InlineData("ann@example.net, bob@-bad-.example", "bob@-bad-.example")]
    public void Says_what_is_no_address(string typed, string named)
    {
        var recipients = AddressField.Read(typed, out var error);

        Assert.Empty(recipients.Envelope);
        Assert.Contains(named, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_so_many_and_no_more()
    {
        string Typed(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"a{i}@example.org"));

        Assert.Equal(ComposeLimits.MaxRecipients, AddressField.Read(Typed(ComposeLimits.MaxRecipients), out var none).Envelope.Count);
        Assert.Null(none);
        AddressField.Read(Typed(ComposeLimits.MaxRecipients + 1), out var tooMany);
        Assert.Contains("too many", tooMany, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_anything_without_throwing() =>
        Gen.String.Sample(typed =>
        {
            var recipients = AddressField.Read(typed, out var error);
            return error is null || recipients.Envelope.Count == 0;
        });
}
