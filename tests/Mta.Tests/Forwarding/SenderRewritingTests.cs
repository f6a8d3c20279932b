using CsCheck;
using MailSuite.Mta.Forwarding;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Forwarding;

public sealed class SenderRewritingTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("carol@example.net", "^SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=example.net=carol@here.test$")]
    [InlineData("\"b o b\"@example.net", "^\"SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=example.net=b o b\"@here.test$")]
    [InlineData("a=b+c@example.net", "^SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=example.net=a=b\\+c@here.test$")]
    [InlineData("SRS0=abcd=EF=first.example=ann@second.example", "^SRS1=[A-Z2-7]{6}=second.example==abcd=EF=first.example=ann@here.test$")]
    [InlineData("SRS0+abcd=EF=first.example=ann@second.example", "^SRS1=[A-Z2-7]{6}=second.example=\\+abcd=EF=first.example=ann@here.test$")]
    [InlineData("SRS1=hash=first.example==abcd=EF=o.example=a@third.example", "^SRS1=[A-Z2-7]{6}=first.example==abcd=EF=o.example=a@here.test$")]
    [InlineData("srs0=no@x.example", "^SRS1=[A-Z2-7]{6}=x.example==no@here.test$")]
    [InlineData("SRS1=no@x.example", "^SRS0=[A-Z2-7]{6}=[A-Z2-7]{2}=x.example=SRS1=no@here.test$")]
    public void Makes_an_address_of_ours_that_names_the_sender(string sender, string pattern) =>
        Assert.Matches(pattern, Rewriting().Rewrite(EnvelopeAddress.Parse(sender))!.ToString());

    [Theory]
    [InlineData("carol@example.net", "carol@example.net")]
    [InlineData("\"b o b\"@[192.0.2.1]", "\"b o b\"@[192.0.2.1]")]
    [InlineData("\"\"@e", "\"\"@e")]
    [InlineData("grün@bücher.example", "grün@xn--bcher-kva.example")]
    [InlineData("SRS0=abcd=EF=first.example=ann@second.example", "SRS0=abcd=EF=first.example=ann@second.example")]
    [InlineData("SRS1=hash=first.example==abcd=EF=o.example=a@third.example", "SRS0=abcd=EF=o.example=a@first.example")]
    public void Leads_back(string sender, string expected)
    {
        var rewriting = Rewriting();
        var address = EnvelopeAddress.Parse(rewriting.Rewrite(EnvelopeAddress.Parse(sender))!.ToString());
        Assert.True(rewriting.IsRewritten(address));
        Assert.Equal(expected, Assert.IsType<SrsAnswer.Sender>(rewriting.Read(address)).Address.ToString());
    }

    [Fact]
    public void Leads_back_though_its_letters_have_changed_their_case()
    {
        var rewriting = Rewriting();
        var address = EnvelopeAddress.Parse(rewriting.Rewrite(EnvelopeAddress.Parse("Carol@Example.net"))!.ToString().ToLowerInvariant());
        Assert.Equal("carol@example.net", Assert.IsType<SrsAnswer.Sender>(rewriting.Read(address)).Address.ToString());
    }

    [Fact]
    public void Believes_no_other_name_under_a_good_hash()
    {
        var rewriting = Rewriting();
        var good = rewriting.Rewrite(EnvelopeAddress.Parse("carol@example.net"))!.ToString();
        Assert.IsType<SrsAnswer.Forged>(rewriting.Read(EnvelopeAddress.Parse(good.Replace("carol", "karol", StringComparison.Ordinal))));
        // A part of one name must not become one of the next.
        Assert.IsType<SrsAnswer.Forged>(rewriting.Read(EnvelopeAddress.Parse(good.Replace("example.net=carol", "example.netc=arol", StringComparison.Ordinal))));
        var further = rewriting.Rewrite(EnvelopeAddress.Parse("SRS0=abcd=EF=first.example=ann@second.example"))!.ToString();
        Assert.IsType<SrsAnswer.Forged>(rewriting.Read(EnvelopeAddress.Parse(further.Replace("second.example", "secund.example", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(0, typeof(SrsAnswer.Sender))]
    [InlineData(21, typeof(SrsAnswer.Sender))]
    [InlineData(22, typeof(SrsAnswer.Expired))]
    [InlineData(1022, typeof(SrsAnswer.Expired))]
    [InlineData(1045, typeof(SrsAnswer.Sender))] // 1024 + 21: a stamp tells its day modulo 1024, and the key is older than that only by somebody's choice.
    [InlineData(1046, typeof(SrsAnswer.Expired))]
    public void Leads_back_for_so_many_days(int days, Type answer)
    {
        var rewriting = Rewriting();
        var address = rewriting.Rewrite(EnvelopeAddress.Parse("carol@example.net"))!;
        _clock.Advance(TimeSpan.FromDays(days));
        Assert.IsType(answer, rewriting.Read(address));
    }

    [Fact]
    public void Leads_back_where_the_clock_has_been_put_back_a_day_and_not_two()
    {
        var address = Rewriting().Rewrite(EnvelopeAddress.Parse("carol@example.net"))!;
        Assert.IsType<SrsAnswer.Sender>(Rewriting(clock: new FakeTimeProvider(_clock.GetUtcNow().AddDays(-1))).Read(address));
        Assert.IsType<SrsAnswer.Expired>(Rewriting(clock: new FakeTimeProvider(_clock.GetUtcNow().AddDays(-2))).Read(address));
    }

    [Theory]
    [InlineData("SRS0=@here.test")]
    [InlineData("SRS0=abc@here.test")]
    [InlineData("SRS0=abcdef=AA=example.net@here.test")]
    [InlineData("SRS0=abcdef=A=example.net=carol@here.test")]
    [InlineData("SRS0=abcdef=A1=example.net=carol@here.test")]
    [InlineData("\"SRS0=abcdef=AA=exa mple=carol\"@here.test")]
    [InlineData("SRS1=abcdef=example.net@here.test")]
    [InlineData("SRS1=abcdef=example.net=rest@here.test")]
    [InlineData("SRS1=abcdef=example.net==@here.test")]
    public void Says_what_has_not_the_form(string address)
    {
        Assert.True(Rewriting().IsRewritten(EnvelopeAddress.Parse(address)));
        var answer = Rewriting().Read(EnvelopeAddress.Parse(address));
        Assert.True(answer is SrsAnswer.Malformed or SrsAnswer.Forged, answer.ToString());
    }

    [Theory]
    [InlineData("SRS0=abcdef=AA=example.net=carol@elsewhere.test")]
    [InlineData("SRS0@here.test")]
    [InlineData("SRS0xabc@here.test")]
    [InlineData("srs@here.test")]
    [InlineData("ann@here.test")]
    public void Leaves_other_addresses_alone(string address) => Assert.False(Rewriting().IsRewritten(EnvelopeAddress.Parse(address)));

    [Fact]
    public void Makes_none_that_does_not_fit_into_a_local_part()
    {
        // SRS0=, a hash of 6, =, 2 of the day, =, and the sender's domain, =, local-part: 64 octets.
        var longest = new string('a', 64 - 16 - "example.net".Length);
        Assert.NotNull(Rewriting().Rewrite(EnvelopeAddress.Parse($"{longest}@example.net")));
        Assert.Null(Rewriting().Rewrite(EnvelopeAddress.Parse($"{longest}a@example.net")));
    }

    [Theory]
    [InlineData('=', 4)]
    [InlineData('+', 6)]
    [InlineData('-', 32)]
    public void Has_the_form_that_the_settings_say(char separator, int characters)
    {
        var rewriting = Rewriting(options => options with { SrsSeparator = separator, SrsHashCharacters = characters, SrsDomain = Domain.Parse("back.test") });
        var address = rewriting.Rewrite(EnvelopeAddress.Parse("c@x.net"))!;
        Assert.Matches($"^SRS0\\{separator}[A-Z2-7]{{{characters}}}=[A-Z2-7]{{2}}=x.net=c@back.test$", address.ToString());
        Assert.IsType<SrsAnswer.Sender>(rewriting.Read(address));
        // Whatever the separator, one that somebody else has chosen is understood; a hash of another length is none.
        Assert.IsType<SrsAnswer.Forged>(Rewriting(options => options with { SrsHashCharacters = characters == 4 ? 5 : 4, SrsDomain = Domain.Parse("back.test") }).Read(address));
    }

    [Fact]
    public void Knows_addresses_that_were_made_with_the_key_before()
    {
        var file = _directory.File("keys");
        File.WriteAllText(file, "# old\nthe key of last year\n");
        var address = Rewriting(Keys).Rewrite(EnvelopeAddress.Parse("carol@example.net"))!;

        File.WriteAllText(file, "the key of this year\nthe key of last year\n");
        var both = Rewriting(Keys);
        Assert.IsType<SrsAnswer.Sender>(both.Read(address));
        Assert.NotEqual(address, both.Rewrite(EnvelopeAddress.Parse("carol@example.net")));

        File.WriteAllText(file, "the key of this year\n");
        Assert.IsType<SrsAnswer.Forged>(Rewriting(Keys).Read(address));

        ForwardingOptions Keys(ForwardingOptions options) => options with { SrsKeyFile = file };
    }

    [Fact]
    public void Leads_whatever_sender_fits_back_to_it() => Gen.Char["abcXYZ019.=+-_\" "].Array[1, 30].Sample(characters =>
    {
        var rewriting = Rewriting();
        if (!EnvelopeAddress.TryCreate(new string(characters), Domain.Parse("example.net"), out var sender) || rewriting.Rewrite(sender) is not { } address)
            return true;
        return rewriting.Read(EnvelopeAddress.Parse(address.ToString())) is SrsAnswer.Sender(var back) && (back.Equals(sender) || sender.LocalPart.StartsWith("SRS", StringComparison.OrdinalIgnoreCase));
    }, iter: 2000);

    private SenderRewriting Rewriting(Func<ForwardingOptions, ForwardingOptions>? change = null, TimeProvider? clock = null)
    {
        var options = new MtaOptions { DataDirectory = _directory.Path, HostName = Domain.Parse("here.test") };
        options = options with { Forwarding = (change ?? (same => same))(options.Forwarding) };
        return new SenderRewriting(options, new SrsKeys(options), clock ?? _clock);
    }
}
