using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol;

namespace MailSuite.Mda.Imap.Capabilities;

/// <summary>All that this server says it can do: the one table of it. README.md has the same with its RFCs, files and tests, and a test compares them.</summary>
internal sealed class ImapCapabilities
{
    private readonly FrozenDictionary<string, ImapCapability> _byName;

    public ImapCapabilities(ImapOptions options, IServerTls? tls = null)
    {
        All =
        [
            new("IMAP4rev1", CapabilityScope.Always),
            new("IMAP4rev2", CapabilityScope.Always, ImapExtensions.Imap4Rev2),
            new("LITERAL+", CapabilityScope.Always),
            new("SASL-IR", CapabilityScope.Always),
            new("ENABLE", CapabilityScope.Always),
            new("ID", CapabilityScope.Always),
            new("IDLE"),
            new("NOTIFY"),
            new("UTF8=ACCEPT", Enables: ImapExtensions.Utf8Accept),
            new("UNAUTHENTICATE"),
            new("COMPRESS=DEFLATE") { Text = session => session.Connection.IsCompressed ? null : "COMPRESS=DEFLATE" },
            new("MULTIAPPEND"),
            new("CATENATE"),
            new("REPLACE"),
            new("APPENDLIMIT=") { Text = _ => string.Create(CultureInfo.InvariantCulture, $"APPENDLIMIT={options.MaxMessageOctets}") },
            new("UNSELECT"),
            new("MOVE"),
            new("CONDSTORE", Enables: ImapExtensions.CondStore),
            new("QRESYNC", Enables: ImapExtensions.QResync),
            new("UIDONLY", Enables: ImapExtensions.UidOnly),
            new("UIDPLUS"),
            new("BINARY"),
            new("PARTIAL"),
            new("SAVEDATE"),
            new("OBJECTID"),
            new("PREVIEW"),
            new("ESEARCH"),
            new("SEARCHRES"),
            new("WITHIN"),
            new("SORT"),
            new("SORT=DISPLAY"),
            new("ESORT"),
            new("THREAD=REFERENCES"),
            new("THREAD=ORDEREDSUBJECT"),
            new("CONTEXT=SEARCH"),
            new("MULTISEARCH"),
            new("INPROGRESS"),
            new("I18NLEVEL=1"),
            new("NAMESPACE"),
            new("CHILDREN"),
            new("LIST-EXTENDED"),
            new("LIST-STATUS"),
            new("LIST-METADATA"),
            new("LIST-MYRIGHTS"),
            new("SPECIAL-USE"),
            new("CREATE-SPECIAL-USE"),
            new("STATUS=SIZE"),
            new("ACL"),
            new("RIGHTS=kxte"),
            new("QUOTA"),
            new("QUOTA=RES-STORAGE"),
            new("QUOTA=RES-MESSAGE"),
            new("METADATA"),
            new("STARTTLS", CapabilityScope.NotAuthenticated) { Text = session => session.Connection.Tls is null && tls is { IsAvailable: true } ? "STARTTLS" : null },
            new("LOGINDISABLED", CapabilityScope.NotAuthenticated) { Text = session => SignInPolicy.MayLogin(session.Connection.Tls, options) ? null : "LOGINDISABLED" },
            new("AUTH=", CapabilityScope.NotAuthenticated) { Text = session => SignInPolicy.Offer(session.Connection.Tls, options) },
        ];
        _byName = All.ToFrozenDictionary(capability => capability.Name, StringComparer.OrdinalIgnoreCase);
    }

    public IReadOnlyList<ImapCapability> All { get; }

    /// <summary>What ENABLE of this name switches on in this session; nothing for what is unknown or hidden.</summary>
    public ImapExtensions Enables(ImapSession session, ReadOnlySpan<byte> name, out string known)
    {
        known = Encoding.ASCII.GetString(name);
        if (!_byName.TryGetValue(known, out var capability) || capability.TextIn(session) is null)
            return ImapExtensions.None;
        known = capability.Name;
        return capability.Enables;
    }

    /// <summary>The capability of this name; <see langword="null"/> when there is none.</summary>
    public ImapCapability? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Writes what holds in this session, separated by spaces.</summary>
    public void Write(ImapSession session)
    {
        var first = true;
        foreach (var capability in All)
        {
            if (capability.TextIn(session) is not { } text)
                continue;
            if (!first)
                session.Writer.Space();
            first = false;
            session.Writer.Raw(text);
        }
    }

    /// <summary>The same as a response code: after signing in a client need not ask again (RFC 9051 §6.2.2).</summary>
    public string CodeFor(ImapSession session) => "CAPABILITY " + string.Join(' ', All.Select(capability => capability.TextIn(session)).OfType<string>());
}
