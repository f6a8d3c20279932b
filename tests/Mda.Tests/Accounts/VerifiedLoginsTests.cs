using MailSuite.Mda.Accounts;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mda.Tests.Accounts;

public sealed class VerifiedLoginsTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(56));

    [Fact]
    public void Remembers_exactly_what_was_verified()
    {
        var verified = new VerifiedLogins(_clock);

        verified.Add(new AccountId(1), "secret", "$hash");

        Assert.True(verified.Contains(new AccountId(1), "secret", "$hash"));
        Assert.False(verified.Contains(new AccountId(2), "secret", "$hash"));
        Assert.False(verified.Contains(new AccountId(1), "Secret", "$hash"));
        Assert.False(verified.Contains(new AccountId(1), "secret", "$other"));
    }

    [Fact]
    public void Forgets_after_five_minutes()
    {
        var verified = new VerifiedLogins(_clock);
        verified.Add(new AccountId(1), "secret", "$hash");

        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.True(verified.Contains(new AccountId(1), "secret", "$hash"));
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.False(verified.Contains(new AccountId(1), "secret", "$hash"));
    }
}
