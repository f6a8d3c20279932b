using MailSuite.Host.Configuration;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using static MailSuite.Suite.Tests.Configuration.Configurations;

namespace MailSuite.Suite.Tests.Configuration;

public sealed class WebhookSettingsTests
{
    private static readonly string Secret = SecretOf(24);

    [Fact]
    public void Reads_a_target_and_its_defaults()
    {
        var target = Assert.Single(Read(With($$""" "Webhooks": { "billing": { "Url": "https://app.example.org/hooks/abc", "Secret": "{{Secret}}" } } """)).Mta.Webhooks);
        Assert.Equal(("billing", "https://app.example.org"), (target.Name, target.Place));
        Assert.Equal(new byte[24], target.Secret.ToArray());
        Assert.Equal(Enum.GetValues<DeliveryEvent>(), target.Events.Order());
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromDays(3), 100_000), (target.Timeout, target.Lifetime, target.MaxBacklog));
        Assert.Empty(target.SenderDomains);
    }

    [Fact]
    public void Reads_everything_that_can_be_said_of_one()
    {
        using var directory = new TempDirectory();
        File.WriteAllText(directory.File("key"), SecretOf(64) + "\n");
        var target = Assert.Single(Read(With($$"""
            "Webhooks": { "a.b-c_1": {
                "Url": "http://127.0.0.1:9/x?y=z", "SecretFile": "{{directory.File("key").Replace("\\", "/", StringComparison.Ordinal)}}", "Events": ["bounced", "Expired"],
                "SenderDomains": ["example.org"], "RecipientDomains": ["Bücher.example"], "Timeout": "100 ms", "Lifetime": "1 s", "MaxBacklog": 1 } }
            """)).Mta.Webhooks);
        Assert.Equal(64, target.Secret.Length);
        Assert.Equal([DeliveryEvent.Bounced, DeliveryEvent.Expired], target.Events.Order());
        Assert.Equal(Domain.Parse("example.org"), Assert.Single(target.SenderDomains));
        Assert.Equal(Domain.Parse("xn--bcher-kva.example"), Assert.Single(target.RecipientDomains));
        Assert.Equal((TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), 1), (target.Timeout, target.Lifetime, target.MaxBacklog));
    }

    [Fact]
    public void Http_to_others_is_for_the_development_profile() =>
        Assert.Single(Read(With($$""" "Webhooks": { "x": { "Url": "http://app.example.org/", "Secret": "{{Secret}}" } } """).Replace("\"DataDirectory\": \"/nowhere\",", "", StringComparison.Ordinal), Profile.Development).Mta.Webhooks);

    [Theory]
    [InlineData(""" "Webhooks": { "x": { "Url": "http://app.example.org/hidden", "Secret": "SECRET" } } """)]
    [InlineData(""" "Webhooks": { "x": { "url": "ftp://ann:hidden@app.example.org/", "Secret": "SECRET" } } """)]
    [InlineData(""" "Webhooks": { "x": "https://app.example.org/hidden" } """)]
    [InlineData(""" "Relay": { "Smarthost": "smtps://ann:hidden@smtp.example.org" } """)]
    [InlineData(""" "Relay": { "Transports": { "x": "smtps://ann:hidden@smtp.example.org" } } """)]
    [InlineData(""" "Relay": { "Smarthost": { "Hosts": ["smtp.example.org"], "UserName": "ann", "Password": "other", "Password": "hidden" } } """)]
    public void Shows_in_no_mistake_what_may_be_secret(string settings) =>
        Assert.DoesNotContain("hidden", Assert.Single(MistakesOf(With(settings.Replace("SECRET", Secret, StringComparison.Ordinal)))), StringComparison.Ordinal);

    [Theory]
    [InlineData(""" "Url": "http://app.example.org/", "Secret": "SECRET" """, "Use https")]
    [InlineData(""" "Url": "ftp://app.example.org/", "Secret": "SECRET" """, "This must be an http or https URL")]
    [InlineData(""" "Url": "https://user:word@app.example.org/", "Secret": "SECRET" """, "This must be an http or https URL")]
    [InlineData(""" "Url": "https://app.example.org/#part", "Secret": "SECRET" """, "This must be an http or https URL")]
    [InlineData(""" "Url": "/events", "Secret": "SECRET" """, "This must be an http or https URL")]
    [InlineData(""" "Secret": "SECRET" """, "The webhook leads nowhere")]
    [InlineData(""" "Url": "https://app.example.org/" """, "Nobody could tell our notices from others'")]
    [InlineData(""" "Url": "https://app.example.org/", "Secret": "SECRET", "SecretFile": "/x" """, "There are two secrets")]
    [InlineData(""" "Url": "https://app.example.org/", "SecretFile": "/nowhere/at/all" """, "The file cannot be read")]
    [InlineData(""" "Url": "https://app.example.org/", "Secret": "SECRET", "Events": [] """, "The webhook is told of nothing")]
    [InlineData(""" "Url": "https://app.example.org/", "Secret": "SECRET", "Events": ["Read"] """, "This must be one of Delivered")]
    [InlineData(""" "Url": "https://app.example.org/", "Secret": "SECRET", "Event": ["Bounced"] """, "Did you mean Webhooks:x:Events?")]
    [InlineData(""" "Url": "https://app.example.org/", "Secret": "SECRET", "Timeout": "99 ms" """, "This must be a time from 100 ms to 2 min")]
    [InlineData(""" "Url": "https://app.example.org/", "Secret": "SECRET", "Timeout": "121 s" """, "This must be a time from 100 ms to 2 min")]
    [InlineData(""" "Url": "https://app.example.org/", "Secret": "SECRET", "Lifetime": "999 ms" """, "This must be a time from 1 s to 30 d")]
    [InlineData(""" "Url": "https://app.example.org/", "Secret": "SECRET", "Lifetime": "31 d" """, "This must be a time from 1 s to 30 d")]
    [InlineData(""" "Url": "https://app.example.org/", "Secret": "SECRET", "MaxBacklog": 0 """, "This must be a whole number from 1 to 1000000")]
    [InlineData(""" "Url": "https://app.example.org/", "Secret": "SECRET", "MaxBacklog": 1000001 """, "This must be a whole number from 1 to 1000000")]
    public void Tells_what_is_wrong(string members, string problem)
    {
        var mistakes = string.Join('\n', MistakesOf(With($$""" "Webhooks": { "x": { {{members.Replace("SECRET", Secret, StringComparison.Ordinal)}} } } """)));
        Assert.Contains(problem, mistakes, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, mistakes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(24, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void A_secret_has_24_to_64_octets(int octets, bool good) => AssertGood(good, "x", SecretOf(octets));

    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("whsec_not base64 at all, but long enough for anything")]
    public void A_secret_that_is_none_is_not_shown(string secret)
    {
        var mistakes = string.Join('\n', MistakesOf(With($$""" "Webhooks": { "x": { "Url": "https://app.example.org/", "Secret": "{{secret}}" } } """)));
        Assert.Contains("It must be whsec_", mistakes, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, mistakes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12345678901234567890123456789012", true)]
    [InlineData("123456789012345678901234567890123", false)]
    [InlineData("two words", false)]
    public void A_name_is_short_and_plain(string name, bool good) => AssertGood(good, name, Secret);

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void There_are_fifty_at_most(int count, bool good)
    {
        var members = string.Join(',', Enumerable.Range(1, count).Select(i => $$""" "x{{i}}": { "Url": "https://app.example.org/", "Secret": "{{Secret}}" } """));
        if (good)
            Assert.Equal(count, Read(With($$""" "Webhooks": { {{members}} } """)).Mta.Webhooks.Count);
        else
            Assert.Contains("more than 50", Assert.Single(MistakesOf(With($$""" "Webhooks": { {{members}} } """))), StringComparison.Ordinal);
    }

    private static string SecretOf(int octets) => "whsec_" + Convert.ToBase64String(new byte[octets]);

    private static void AssertGood(bool good, string name, string secret)
    {
        var json = With($$""" "Webhooks": { "{{name}}": { "Url": "https://app.example.org/", "Secret": "{{secret}}" } } """);
        if (good)
            Assert.Single(Read(json).Mta.Webhooks);
        else
            Assert.NotEmpty(MistakesOf(json));
    }
}
