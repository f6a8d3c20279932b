using CsCheck;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Smtp.Grammar;

namespace MailSuite.Mta.Tests.Smtp.Grammar;

public sealed class DsnParametersTests
{
    [Theory]
    [InlineData("NEVER", Notify.Never)]
    [InlineData("never", Notify.Never)]
    [InlineData("SUCCESS", Notify.Success)]
    [InlineData("Failure,delay", Notify.Failure | Notify.Delay)]
    [InlineData("DELAY,SUCCESS,FAILURE", Notify.Success | Notify.Failure | Notify.Delay)]
    [InlineData("SUCCESS,SUCCESS", Notify.Success)]
    internal void Reads_NOTIFY(string text, Notify expected)
    {
        Assert.True(DsnParameters.TryParseNotify(text, out var notify));
        Assert.Equal(expected, notify);
        Assert.True(DsnParameters.TryParseNotify(DsnParameters.ToText(notify), out var again));
        Assert.Equal(expected, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NEVER,SUCCESS")]
    [InlineData("SUCCESS,NEVER")]
    [InlineData("NEVER,NEVER")]
    [InlineData("SUCCESS,")]
    [InlineData(",SUCCESS")]
    [InlineData("SUCCESS,,DELAY")]
    [InlineData("SUCCESS DELAY")]
    [InlineData("ALWAYS")]
    public void Refuses_another_NOTIFY(string text) => Assert.False(DsnParameters.TryParseNotify(text, out _));

    [Theory]
    [InlineData("FULL", ReturnContent.Full)]
    [InlineData("hdrs", ReturnContent.Headers)]
    internal void Reads_RET(string text, ReturnContent expected)
    {
        Assert.True(DsnParameters.TryParseReturn(text, out var content));
        Assert.Equal(expected, content);
    }

    [Theory]
    [InlineData("")]
    [InlineData("BODY")]
    [InlineData("FULL,HDRS")]
    public void Refuses_another_RET(string text) => Assert.False(DsnParameters.TryParseReturn(text, out _));

    [Theory]
    [InlineData("QQ314159", "QQ314159")]
    [InlineData("a+20b+2Bc", "a b+c")]
    public void Reads_ENVID(string text, string expected)
    {
        Assert.True(DsnParameters.TryParseEnvelopeId(text, out var id));
        Assert.Equal(expected, id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a+0D+0Ab")]
    [InlineData("a+C3+B6")]
    [InlineData("a+7F")]
    [InlineData("a+2b")]
    [InlineData("a=b")]
    public void Refuses_an_ENVID_that_a_field_could_not_hold(string text) => Assert.False(DsnParameters.TryParseEnvelopeId(text, out _));

    [Fact]
    public void Takes_an_ENVID_of_100_characters_and_none_of_101()
    {
        Assert.True(DsnParameters.TryParseEnvelopeId(new string('a', 100), out _));
        Assert.False(DsnParameters.TryParseEnvelopeId(new string('a', 101), out _));
    }

    [Theory]
    [InlineData("rfc822;Bob@here.test", false, "rfc822", "Bob@here.test", "rfc822; Bob@here.test")]
    [InlineData("RFC822;a+2Bb@here.test", false, "RFC822", "a+b@here.test", "RFC822; a+b@here.test")]
    [InlineData("x400;/C+3Dde/", false, "x400", "/C=de/", "x400; /C=de/")]
    [InlineData(@"utf-8;d\x{F6}r@here.test", false, "utf-8", "dör@here.test", @"utf-8; d\x{F6}r@here.test")]
    [InlineData(@"utf-8;d\x{F6}r\x{2B}\x{1F600}@here.test", true, "utf-8", "dör+\U0001F600@here.test", @"utf-8; d\x{F6}r\x{2B}\x{1F600}@here.test")]
    [InlineData("utf-8;dör@here.test", true, "utf-8", "dör@here.test", @"utf-8; d\x{F6}r@here.test")]
    public void Reads_ORCPT(string text, bool unicode, string type, string address, string told)
    {
        Assert.True(DsnParameters.TryParseOriginalRecipient(text, unicode, out var recipient));
        Assert.Equal(new OriginalRecipient(type, address), recipient);
        Assert.Equal(recipient, OriginalRecipient.FromText(recipient.ToString()));
        Assert.Equal(told, DsnParameters.ToReportText(recipient));
        Assert.True(DsnParameters.TryParseOriginalRecipient(DsnParameters.ToText(recipient), unicode: false, out var again));
        Assert.Equal(recipient, again);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("rfc822", false)]
    [InlineData("rfc822;", false)]
    [InlineData("rfc822;+20", false)]
    [InlineData(";bob@here.test", false)]
    [InlineData("rfc 822;bob@here.test", false)]
    [InlineData("rfc@822;bob@here.test", false)]
    [InlineData("rfc822;bob+0D+0AX:y@here.test", false)]
    [InlineData("rfc822;bob+c3@here.test", false)]
    [InlineData("rfc822;d+C3+B6r@here.test", true)]
    [InlineData("rfc822;dör@here.test", true)]
    [InlineData("utf-8;dör@here.test", false)]
    [InlineData(@"utf-8;a\x{0A}@here.test", true)]
    [InlineData(@"utf-8;a\x{A}@here.test", true)]
    [InlineData(@"utf-8;a\x{85}@here.test", true)]
    [InlineData(@"utf-8;a\x{41}@here.test", true)]
    [InlineData(@"utf-8;a\x{f6}@here.test", true)]
    [InlineData(@"utf-8;a\x{0F6}@here.test", true)]
    [InlineData(@"utf-8;a\x{D800}@here.test", true)]
    [InlineData(@"utf-8;a\x{110000}@here.test", true)]
    [InlineData(@"utf-8;a\x{1234567}@here.test", true)]
    [InlineData(@"utf-8;a\x{F6", true)]
    [InlineData(@"utf-8;a\y", true)]
    [InlineData("utf-8;a+2B@here.test", true)]
    public void Refuses_another_ORCPT(string text, bool unicode) => Assert.False(DsnParameters.TryParseOriginalRecipient(text, unicode, out _));

    [Fact]
    public void Takes_an_ORCPT_of_500_characters_and_none_of_501()
    {
        Assert.True(DsnParameters.TryParseOriginalRecipient("rfc822;" + new string('a', 493), false, out _));
        Assert.False(DsnParameters.TryParseOriginalRecipient("rfc822;" + new string('a', 494), false, out _));
    }

    [Fact]
    public void Never_throws_and_keeps_its_meaning() => Gen.Select(Gen.OneOf(Gen.Const(""), Gen.Const("rfc822;"), Gen.Const(@"utf-8;\x{")), Gen.String[0, 40]).Sample((start, rest) =>
    {
        var text = start + rest;
        _ = DsnParameters.TryParseNotify(text, out _);
        _ = DsnParameters.TryParseReturn(text, out _);
        if (DsnParameters.TryParseEnvelopeId(text, out var id))
            Assert.DoesNotContain(id, char.IsControl);
        foreach (var unicode in new[] { false, true })
        {
            if (DsnParameters.TryParseOriginalRecipient(text, unicode, out var recipient))
                Assert.DoesNotContain(DsnParameters.ToReportText(recipient), c => c is < ' ' or > '~');
        }
    });
}
