using System.Globalization;
using System.Text;
using System.Xml.Linq;
using MailSuite.Testing;
using MailSuite.Testing.Dialogue;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>The 164 addresses of the isemail project, sent as reverse-path and as recipient: an error there is refused here, and what RFC 5321 allows is taken.</summary>
public sealed class AddressVectorTests
{
    /// <summary>Diagnoses that are no error there and no address of an envelope, each with its reason.</summary>
    private static readonly Dictionary<string, string> Refused = new()
    {
        ["ISEMAIL_CFWS_COMMENT"] = "a comment belongs to header fields; Mailbox of RFC 5321 §4.1.2 has none",
        ["ISEMAIL_CFWS_FWS"] = "folding belongs to header fields",
        ["ISEMAIL_DEPREC_LOCALPART"] = "obs-local-part of RFC 5322 §4.4; RFC 5321 has a dot-string or one quoted-string",
        ["ISEMAIL_DEPREC_FWS"] = "obsolete folding of RFC 5322 §4.2",
        ["ISEMAIL_DEPREC_QTEXT"] = "a control character in a quoted-string: RFC 5321 §4.1.2 has printable ones in qtextSMTP",
        ["ISEMAIL_DEPREC_QP"] = "a quoted control character: quoted-pairSMTP has printable ones",
        ["ISEMAIL_DEPREC_COMMENT"] = "a comment where even header fields have none",
        ["ISEMAIL_DEPREC_CTEXT"] = "a control character in a comment",
        ["ISEMAIL_DEPREC_CFWS_NEAR_AT"] = "a blank beside the at-sign",
        ["ISEMAIL_RFC5322_DOMAIN"] = "a domain of RFC 5322 that no DNS name can be: RFC 5321 has letters, digits and hyphens inside",
        ["ISEMAIL_RFC5322_TOOLONG"] = "longer than a path may be (RFC 5321 §4.5.3.1.3)",
        ["ISEMAIL_RFC5322_LOCAL_TOOLONG"] = "a local-part of more than 64 octets (RFC 5321 §4.5.3.1.1)",
        ["ISEMAIL_RFC5322_DOMAIN_TOOLONG"] = "a domain of more than 255 octets (RFC 5321 §4.5.3.1.2)",
        ["ISEMAIL_RFC5322_LABEL_TOOLONG"] = "a label of more than 63 octets (RFC 1035 §2.3.4)",
        ["ISEMAIL_RFC5322_DOMAINLITERAL"] = "a domain-literal that is no address-literal of RFC 5321 §4.1.3",
        ["ISEMAIL_RFC5322_DOMLIT_OBSDTEXT"] = "obsolete text in a domain-literal",
        ["ISEMAIL_RFC5322_IPV6_GRPCOUNT"] = "an IPv6 address with too few or too many groups",
        ["ISEMAIL_RFC5322_IPV6_2X2XCOLON"] = "an IPv6 address with two double colons",
        ["ISEMAIL_RFC5322_IPV6_BADCHAR"] = "an IPv6 address with a letter that is no digit",
        ["ISEMAIL_RFC5322_IPV6_MAXGRPS"] = "an IPv6 address with too many groups",
        ["ISEMAIL_RFC5322_IPV6_COLONSTRT"] = "an IPv6 address that begins with one colon",
        ["ISEMAIL_RFC5322_IPV6_COLONEND"] = "an IPv6 address that ends with one colon",
    };

    /// <summary>An error there that is right in one place of an envelope.</summary>
    private static readonly Dictionary<(string Command, string Address), string> Accepted = new()
    {
        [("MAIL", "")] = "the null reverse-path (RFC 5321 §4.5.5)",
    };

    [Theory]
    [InlineData("MAIL")]
    [InlineData("RCPT")]
    public async Task Takes_what_RFC_5321_has_and_nothing_else(string command)
    {
        Assert.SkipWhen(TestVectors.Folder is null, TestVectors.Absent);
        var tests = XDocument.Load(Path.Combine(TestVectors.Folder!, "addresses", "is_email-tests.xml")).Descendants("test").ToList();
        Assert.Equal(164, tests.Count);
        var wrong = new List<string>();
        foreach (var test in tests)
        {
            // The file writes control characters by their pictures.
            var address = string.Concat(test.Element("address")!.Value.Select(c => c is >= '\u2400' and < '\u2420' ? (char)(c - 0x2400) : c));
            var diagnosis = test.Element("diagnosis")!.Value;
            var allowed = Accepted.ContainsKey((command, address)) || (test.Element("category")!.Value != "ISEMAIL_ERR" && !Refused.ContainsKey(diagnosis));
            if (await TrySendAsync(command, address, allowed) is { } fault)
                wrong.Add($"#{test.Attribute("id")!.Value} {diagnosis}: {fault}");
        }

        Assert.Empty(wrong);
    }

    /// <summary>An entry that no vector needs would be a claim without a proof.</summary>
    [Fact]
    public void Every_exception_stands_for_a_vector()
    {
        Assert.SkipWhen(TestVectors.Folder is null, TestVectors.Absent);
        var tests = XDocument.Load(Path.Combine(TestVectors.Folder!, "addresses", "is_email-tests.xml")).Descendants("test").ToList();
        var diagnoses = tests.Where(test => test.Element("category")!.Value != "ISEMAIL_ERR").Select(test => test.Element("diagnosis")!.Value);
        Assert.Empty(Refused.Keys.Except(diagnoses));
        Assert.All(Accepted.Keys, key => Assert.Contains(tests, test => test.Element("address")!.Value == key.Address));
    }

    private static async Task<string?> TrySendAsync(string command, string address, bool allowed)
    {
        await using var scene = new SmtpScene(mailboxes: new FakeMailboxes { EveryoneIsLocal = true });
        var octets = string.Concat(Encoding.UTF8.GetBytes(address).Select(octet => string.Create(CultureInfo.InvariantCulture, $@"\x{octet:x2}")));
        var line = command == "MAIL" ? $@"C> MAIL FROM:<{octets}>\r\n" : $"C: MAIL FROM:<carol@example.net>\nS: 250 *\nC> RCPT TO:<{octets}>\\r\\n";
        // A CRLF in an address makes lines of it, and none of them is a command.
        var replies = string.Concat(address.Split("\r\n").Select(_ => $"\nS: {(allowed ? "250 *" : "5*")}"));
        try
        {
            await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Hello + line + replies);
            return null;
        }
        catch (DialogueException e)
        {
            return e.Message;
        }
    }
}
