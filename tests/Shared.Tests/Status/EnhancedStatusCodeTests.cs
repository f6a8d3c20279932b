using MailSuite.Shared.Status;

namespace MailSuite.Shared.Tests.Status;

public sealed class EnhancedStatusCodeTests
{
    [Theory]
    [InlineData("5.1.1 no such mailbox", "5.1.1")]
    [InlineData("2.0.0", "2.0.0")]
    [InlineData("4.999.999 x", "4.999.999")]
    public void Is_read_from_the_start_of_a_reply(string text, string code)
    {
        Assert.True(EnhancedStatusCode.TryReadPrefix(text, out var read));
        Assert.Equal(code, read.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("3.1.1 x")]
    [InlineData("5.1 x")]
    [InlineData("5.1.1.1 x")]
    [InlineData("5.1000.1 x")]
    [InlineData("5.-1.1 x")]
    [InlineData("5.1.1x")]
    [InlineData("192.0.2.1 x")]
    public void Is_not_seen_where_there_is_none(string text) => Assert.False(EnhancedStatusCode.TryReadPrefix(text, out _));
}
