using System.Text;
using MailSuite.Mta.Notices;

namespace MailSuite.Mta.Tests.Notices;

public sealed class WebhookSignatureTests
{
    /// <summary>The vector of the specification's own libraries.</summary>
    [Fact]
    public void Is_that_of_the_specification() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSignature.Of(Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}""")));
}

public sealed class NoticeBackoffTests
{
    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(5, 80)]
    [InlineData(8, 640)]
    [InlineData(9, 900)]
    [InlineData(1_000_000, 900)]
    public void Doubles_to_its_limit_with_a_fifth_of_chance(int failures, int seconds)
    {
        for (var i = 0; i < 100; i++)
            Assert.InRange(NoticeBackoff.After(failures, TimeSpan.FromMinutes(15)).TotalSeconds, seconds * 0.8, seconds * 1.2);
    }
}
