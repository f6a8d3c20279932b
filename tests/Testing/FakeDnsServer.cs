using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace MailSuite.Testing;

/// <summary>A DNS server on loopback, UDP and TCP, with its zone in code. A name that it does not know is NXDOMAIN.</summary>
public sealed class FakeDnsServer : IAsyncDisposable
{
    /// <summary>Aliases that it follows before it gives up.</summary>
    private const int MaxAliases = 20;

    private readonly ConcurrentDictionary<(string Name, DnsType Type), List<byte[]>> _records = new();
    private readonly ConcurrentDictionary<string, DnsTrouble> _troubles = new();
    private readonly ConcurrentDictionary<string, string> _aliases = new();
    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _tcp;
    private readonly UdpClient _udp;
    private readonly Task _serving;
    private int _queries;
    private int _disposed;

    public FakeDnsServer()
    {
        (_tcp, _udp) = Listen();
        _serving = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public IPEndPoint EndPoint => (IPEndPoint)_tcp.LocalEndpoint;

    /// <summary>Queries received so far.</summary>
    public int Queries => Volatile.Read(ref _queries);

    /// <summary>Adds an MX record; an empty host is a null MX (RFC 7505).</summary>
    public FakeDnsServer Mx(string domain, int preference, string host)
    {
        var data = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(data, (ushort)preference);
        return Add(domain, DnsType.Mx, [.. data, .. FakeDnsMessage.EncodeName(host)]);
    }

    /// <summary>Adds an A or AAAA record.</summary>
    public FakeDnsServer Address(string host, IPAddress address) =>
        Add(host, address.AddressFamily == AddressFamily.InterNetwork ? DnsType.A : DnsType.Aaaa, address.GetAddressBytes());

    /// <summary>Makes a name an alias of another.</summary>
    public FakeDnsServer Cname(string name, string target)
    {
        _aliases[name] = target;
        return this;
    }

    /// <summary>How long its answers hold, a no among them; nothing at the beginning, so that a test may change its mind.</summary>
    public TimeSpan TimeToLive { get; set; }

    /// <summary>Whether it follows aliases for its clients, as a resolver does.</summary>
    public bool FollowsAliases { get; set; } = true;

    /// <summary>Makes a name exist without records.</summary>
    public FakeDnsServer Empty(string name)
    {
        _records.TryAdd((name, DnsType.Soa), []);
        return this;
    }

    /// <summary>Lets every query for a name go wrong, until it is called with <see cref="DnsTrouble.None"/>.</summary>
    public FakeDnsServer Trouble(string name, DnsTrouble trouble)
    {
        _troubles[name] = trouble;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        await _end.CancelAsync();
        await _serving;
        _tcp.Stop();
        _udp.Dispose();
        _end.Dispose();
    }

    private static (TcpListener Tcp, UdpClient Udp) Listen()
    {
        // A port that is free for TCP may be taken for UDP, so take the first and try the second.
        for (var attempt = 0; ; attempt++)
        {
            var tcp = new TcpListener(IPAddress.Loopback, 0);
            tcp.Start();
            try
            {
                return (tcp, new UdpClient((IPEndPoint)tcp.LocalEndpoint));
            }
            catch (SocketException) when (attempt < 20)
            {
                tcp.Stop();
            }
        }
    }

    private FakeDnsServer Add(string name, DnsType type, byte[] data)
    {
        var records = _records.GetOrAdd((name, type), _ => []);
        lock (records)
            records.Add(data);
        return this;
    }

    private async Task ServeUdpAsync()
    {
        try
        {
            while (true)
            {
                var query = await _udp.ReceiveAsync(_end.Token);
                if (Answer(query.Buffer, overUdp: true) is { } answer)
                    await _udp.SendAsync(answer, query.RemoteEndPoint, _end.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _tcp.AcceptTcpClientAsync(_end.Token);
                await ServeOneAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeOneAsync(NetworkStream stream)
    {
        try
        {
            var length = new byte[2];
            await stream.ReadExactlyAsync(length, _end.Token);
            var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(query, _end.Token);
            if (Answer(query, overUdp: false) is not { } answer)
                return;
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
            await stream.WriteAsync((byte[])[.. length, .. answer], _end.Token);
        }
        catch (IOException)
        {
            // The client went away.
        }
    }

    private byte[]? Answer(byte[] octets, bool overUdp)
    {
        Interlocked.Increment(ref _queries);
        var query = FakeDnsMessage.Read(octets);
        var trouble = _troubles.GetValueOrDefault(query.Name);
        if (trouble == DnsTrouble.Silent)
            return null;
        if (trouble == DnsTrouble.Garbage)
            return [.. octets[..2], 0x81, 0x80, 0xff, 0xff, 0xff, 0xff, 0xc0, 0x0c, .. octets.Reverse()];
        if (trouble == DnsTrouble.OtherId)
            return [(byte)~octets[0], .. query.Answer(FakeDnsMessage.NxDomain, [])[1..]];
        if (trouble == DnsTrouble.ServFail)
            return query.Answer(FakeDnsMessage.ServFail, []);
        if (trouble == DnsTrouble.Truncated && overUdp)
            return query.Answer(FakeDnsMessage.NoError, [], truncated: true);
        if (trouble == DnsTrouble.Referral)
            return query.Answer(FakeDnsMessage.NoError, [], authority: new FakeDnsRecord(FakeDnsMessage.EncodeName("ns.elsewhere.test"), Type: DnsType.Ns));
        if (trouble == DnsTrouble.Foreign)
            return query.Answer(FakeDnsMessage.NoError, [new FakeDnsRecord([127, 0, 0, 1], Owner: "somebody.else.test")]);

        var seconds = (int)TimeToLive.TotalSeconds;
        var (name, answers) = (query.Name, new List<FakeDnsRecord>());
        while (_aliases.TryGetValue(name, out var target))
        {
            answers.Add(new FakeDnsRecord(FakeDnsMessage.EncodeName(target), name, DnsType.Cname, seconds));
            name = target;
            if (!FollowsAliases || answers.Count == MaxAliases)
                return query.Answer(FakeDnsMessage.NoError, answers);
        }

        var soa = seconds == 0 ? null : new FakeDnsRecord([0, 0, .. new byte[16], .. BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(seconds))], Type: DnsType.Soa, TimeToLive: seconds);
        if (trouble == DnsTrouble.NxDomain || !_records.Keys.Any(key => key.Name == name))
            return query.Answer(FakeDnsMessage.NxDomain, answers, authority: soa);
        if (!_records.TryGetValue((name, query.Type), out var records))
            return query.Answer(FakeDnsMessage.NoError, answers, authority: soa);
        lock (records)
            return query.Answer(FakeDnsMessage.NoError, [.. answers, .. records.Select(data => new FakeDnsRecord(data, name, TimeToLive: seconds))]);
    }
}

public enum DnsTrouble
{
    None,
    NxDomain,
    ServFail,

    /// <summary>No answer at all.</summary>
    Silent,

    /// <summary>Octets that are no DNS message.</summary>
    Garbage,

    /// <summary>A well-formed NXDOMAIN to another question than was asked, as who wants to deceive us sends it.</summary>
    OtherId,

    /// <summary>Names other servers instead of answering, as a server does that is no resolver.</summary>
    Referral,

    /// <summary>An address of a name that nobody asked for.</summary>
    Foreign,

    /// <summary>No room over UDP: the client has to come again over TCP.</summary>
    Truncated,
}

public enum DnsType
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Mx = 15,
    Aaaa = 28,
}
