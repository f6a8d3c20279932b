using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace MailSuite.Testing.Misbehaving;

/// <summary>A server on loopback that does to each connection what a script says, right or wrong, and knows which connections its clients have given back.</summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentQueue<byte[]> _messages = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly ConcurrentDictionary<ServerTalk, Task> _talks = new();
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private int _connections;
    private int _waiting;
    private long _octetsSent;

    /// <param name="script">What is done to a connection; after it the server says no more and waits for the client to leave.</param>
    /// <param name="address">An address of 127/8; several servers may share a port on different ones.</param>
    public ScriptedServer(Func<ServerTalk, Task> script, IPAddress? address = null, int port = 0)
    {
        Script = script;
        _listener = new TcpListener(address ?? IPAddress.Loopback, port);
        // Small, so that a client that is not read from notices soon. Accepted sockets inherit it.
        _listener.Server.ReceiveBufferSize = 16 * 1024;
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>For the connections that come from now on.</summary>
    public Func<ServerTalk, Task> Script { get; set; }

    /// <summary>Connections that came so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections that the client has not given back.</summary>
    public int Open => _talks.Count(talk => !talk.Value.IsCompleted);

    /// <summary>Whether a script waits for the client's patience to end: then time may pass.</summary>
    public bool IsWaiting => Volatile.Read(ref _waiting) > 0;

    /// <summary>Octets that clients' systems have taken from us, over all connections.</summary>
    public long OctetsSent => Interlocked.Read(ref _octetsSent);

    /// <summary>Messages of which the end was seen, dots undone, whatever was answered.</summary>
    public IReadOnlyList<byte[]> Messages => [.. _messages];

    /// <summary>Commands in the order in which they came, over all connections.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>Tells the scripts that do not listen that the client has made up its mind, so that they can see it leave.</summary>
    public void LetGo() => _settled.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        LetGo();
        await _end.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_talks.Values);
        _end.Dispose();
    }

    internal Task Settled => _settled.Task;

    internal void Took(byte[] message) => _messages.Enqueue(message);

    internal void Heard(string command) => _commands.Enqueue(command);

    internal void Sent(int octets) => Interlocked.Add(ref _octetsSent, octets);

    internal IDisposable Waiting()
    {
        Interlocked.Increment(ref _waiting);
        return new Wait(this);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_end.Token);
                var talk = new ServerTalk(this, socket, _end.Token);
                // Open before it is counted, so that nobody sees a connection that came and none that is open.
                _talks[talk] = Task.Run(() => PlayAsync(talk));
                Interlocked.Increment(ref _connections);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PlayAsync(ServerTalk talk)
    {
        await using var owned = talk;
        try
        {
            await Script(talk);
            await talk.LetGoAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or AuthenticationException or ObjectDisposedException or InvalidOperationException)
        {
            // The client went away, or the test is over.
        }
    }

    private sealed class Wait(ScriptedServer server) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref server._waiting);
    }
}
