using CsCheck;
using MailSuite.Mda.Accounts;

namespace MailSuite.Mda.Tests.Accounts;

public sealed class Argon2idHashTests
{
    [Fact]
    public void Agrees_with_the_reference_program()
    {
        // echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1 -e
        Assert.True(Argon2idHash.TryParse("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", out var hash));

        Assert.True(hash.Matches("password"));
        Assert.False(hash.Matches("Password"));
        Assert.True(hash.IsOutdated);
    }

    [Fact]
    public void Writes_what_it_reads()
    {
        var hash = Argon2idHash.Of("secret");

        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hash.ToString(), StringComparison.Ordinal);
        Assert.True(Argon2idHash.TryParse(hash.ToString(), out var read));
        Assert.True(read.Matches("secret"));
        Assert.False(read.IsOutdated);
        Assert.NotEqual(hash.ToString(), Argon2idHash.Of("secret").ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("secret")]
    [InlineData("$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=999999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$")]
    [InlineData("$argon2id$v=19$m=65536,t=2,p=1$!$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")]
    public void Takes_nothing_else_for_a_hash(string text) => Assert.False(Argon2idHash.TryParse(text, out _));

    [Fact]
    public void Bears_any_text() => Gen.String.Sample(text => !Argon2idHash.TryParse("$argon2id$v=19$" + text, out _));
}
