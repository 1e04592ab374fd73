using System.Net;
using System.Net.Sockets;

namespace Gateway.Broker;

/// <summary>Slows down and shuts out whoever guesses passwords, without letting them shut out anybody else.</summary>
/// <remarks>
/// Counted are failures of a user from an address, and of an address whatever the user: either is locked after a while, for a while that grows.
/// Over all addresses a user is never locked, only slowed down: from another address nobody can keep the real one out. An address that is locked
/// still lets in whom it has let in before. Names that are no users count together, so that memory and log hold no invented ones.
/// </remarks>
internal sealed class LoginGuard(TimeProvider time)
{
    /// <summary>5 failures of a user from an address: more than a person's typing errors, less than a word list's beginning.</summary>
    public const int UserLimit = 5;

    /// <summary>20 failures of an address: several devices with an old password behind one router stay below it for a while.</summary>
    public const int AddressLimit = 20;

    /// <summary>20 failures of a user from wherever: from then on each attempt waits.</summary>
    public const int CrowdLimit = 20;

    /// <summary>Entries; the one that has been quiet for longest makes room.</summary>
    public const int Capacity = 4_096;

    private static readonly TimeSpan s_firstLock = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_longestLock = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_crowdDelay = TimeSpan.FromSeconds(2);

    /// <summary>After an hour without a failure all is forgotten.</summary>
    private static readonly TimeSpan s_memory = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Address, string User), Entry> _entries = [];

    /// <summary>Stands for all names that are no users.</summary>
    public const string Stranger = "";

    /// <summary>Stands for all users, or all addresses.</summary>
    private const string All = "\0";

    /// <summary>What is remembered.</summary>
    public int Remembered
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>How long nobody of this name may try from this address.</summary>
    /// <param name="address">See <see cref="Key"/>.</param>
    /// <param name="user">A user, or <see cref="Stranger"/>.</param>
    /// <param name="patience">How long an attempt has to wait before it is looked at.</param>
    /// <returns>Zero: they may.</returns>
    public TimeSpan LockedFor(string address, string user, out TimeSpan patience)
    {
        lock (_lock)
        {
            var own = Find(address, user);
            var isKnown = own is { HasSucceeded: true };
            patience = !isKnown && Find(All, user) is { Failures: >= CrowdLimit } ? s_crowdDelay : TimeSpan.Zero;
            var locked = Left(own);
            return locked == TimeSpan.Zero && !isKnown ? Left(Find(address, All)) : locked;
        }
    }

    /// <summary>A password was wrong.</summary>
    /// <returns>What follows from it.</returns>
    public LoginFailure Fail(string address, string user)
    {
        lock (_lock)
        {
            var own = Count(address, user, UserLimit);
            var all = Count(address, All, AddressLimit);
            if (user != Stranger)
            {
                Count(All, user, int.MaxValue);
            }

            var delay = own.Failures < 2 ? TimeSpan.Zero : s_firstDelay * (1 << Math.Min(own.Failures - 2, 8));
            return new LoginFailure(own.Failures, delay < s_longestDelay ? delay : s_longestDelay, Left(own), Left(all), own.Locks == 1 || all.Locks == 1);
        }
    }

    /// <summary>A password was right.</summary>
    public void Succeed(string address, string user)
    {
        lock (_lock)
        {
            var entry = Touch(address, user);
            entry.Failures = entry.Locks = 0;
            entry.HasSucceeded = true;
        }
    }

    /// <summary>Nobody is locked out any more.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _entries.Clear();
        }
    }

    /// <summary>Who is locked out now, and for how long.</summary>
    public IReadOnlyList<(string Address, string? User, TimeSpan Left)> Locked()
    {
        lock (_lock)
        {
            return [.. _entries.Where(e => Left(e.Value) > TimeSpan.Zero).Select(e => (e.Key.Address, e.Key.User == All ? null : e.Key.User, Left(e.Value)))];
        }
    }

    /// <summary>The address as it is counted: of IPv6 the network, because a machine has as many addresses in it as it likes.</summary>
    public static string Key(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
        {
            return "?";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address))
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }

    private Entry Count(string address, string user, int limit)
    {
        var entry = Touch(address, user);
        entry.Failures++;
        if (entry.Failures >= limit)
        {
            // One more after the lock has ended locks again, for longer.
            var wish = s_firstLock * (1 << Math.Min(entry.Locks, 8));
            entry.Lock = wish < s_longestLock ? wish : s_longestLock;
            entry.LockedAt = time.GetTimestamp();
            entry.Locks++;
        }

        return entry;
    }

    private Entry? Find(string address, string user) =>
        _entries.TryGetValue((address, user), out var entry) && (entry.HasSucceeded || time.GetElapsedTime(entry.At) < s_memory) ? entry : null;

    private Entry Touch(string address, string user)
    {
        var entry = Find(address, user);
        if (entry is null)
        {
            if (_entries.Count >= Capacity && !_entries.ContainsKey((address, user)))
            {
                _entries.Remove(_entries.MinBy(e => e.Value.At).Key);
            }

            _entries[(address, user)] = entry = new Entry();
        }

        entry.At = time.GetTimestamp();
        return entry;
    }

    private TimeSpan Left(Entry? entry) =>
        entry is { Locks: > 0 } && entry.Lock - time.GetElapsedTime(entry.LockedAt) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    private sealed class Entry
    {
        public int Failures { get; set; }

        public int Locks { get; set; }

        public TimeSpan Lock { get; set; }

        public long LockedAt { get; set; }

        public long At { get; set; }

        public bool HasSucceeded { get; set; }
    }
}

/// <summary>What follows from a wrong password.</summary>
/// <param name="Failures">Of this user from this address.</param>
/// <param name="Delay">How long the answer waits.</param>
/// <param name="UserLocked">How long this user is locked out at this address; zero: not.</param>
/// <param name="AddressLocked">How long the whole address is; zero: not.</param>
/// <param name="IsFirstLock">Whether that had not happened before: it deserves an alert.</param>
internal readonly record struct LoginFailure(int Failures, TimeSpan Delay, TimeSpan UserLocked, TimeSpan AddressLocked, bool IsFirstLock);
