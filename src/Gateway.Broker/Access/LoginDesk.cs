using System.Net;
using Gateway.Mqtt;
using Microsoft.Extensions.Logging;

namespace Gateway.Broker;

/// <summary>Where logins are tried: asks the guard before and tells it after, logs, counts and alerts.</summary>
internal sealed class LoginDesk(AccessControl access, BrokerCounters counters, Action<AccessAlert> alert, TimeProvider time, ILogger log)
{
    private readonly LoginGuard _guard = new(time);
    private readonly LogPace _pace = new(time);

    public LoginGuard Guard => _guard;

    /// <summary>Decides on a CONNECT. A wrong password is answered later each time.</summary>
    /// <param name="policy">By which.</param>
    /// <param name="connect">With user and password, or not.</param>
    /// <param name="remote">Where it comes from.</param>
    /// <param name="certificateUser">The user whom the client's certificate names; null: it showed none.</param>
    /// <param name="cancellation">The client has no more time.</param>
    public async ValueTask<Admission> AdmitAsync(AccessPolicy policy, ConnectPacket connect, EndPoint? remote, string? certificateUser, CancellationToken cancellation)
    {
        if (certificateUser is not null || connect.Username is not { } name || policy.Users is not { } users)
        {
            return access.Check(policy, connect, remote, certificateUser);
        }

        var address = LoginGuard.Key(remote);
        var user = users.HashOf(name) is null ? LoginGuard.Stranger : name;
        var locked = _guard.LockedFor(address, user, out var patience);
        if (locked > TimeSpan.Zero)
        {
            counters.RefuseLogin();
            return Admission.Refused(ReasonCode.ConnectionRateExceeded, $"too many failed logins; try again in {Seconds(locked)} s");
        }

        await WaitAsync(patience, cancellation);
        var admission = access.Check(policy, connect, remote, certificateUser);
        if (admission.Reason == ReasonCode.Success)
        {
            _guard.Succeed(address, user);
            return admission;
        }

        counters.FailLogin();
        var failure = _guard.Fail(address, user);
        Tell(address, user, failure);
        await WaitAsync(failure.Delay, cancellation);
        return admission;
    }

    private void Tell(string address, string user, LoginFailure failure)
    {
        // A name that is no user may be a password in the wrong field.
        var who = user == LoginGuard.Stranger ? "a name that is no user" : LogName.Of(user);
        if (_pace.MayWrite())
        {
            AccessLog.LoginFailed(log, who, address, failure.Failures);
        }

        if (failure.UserLocked == TimeSpan.Zero && failure.AddressLocked == TimeSpan.Zero)
        {
            return;
        }

        var isAll = failure.AddressLocked > TimeSpan.Zero;
        var left = Seconds(isAll ? failure.AddressLocked : failure.UserLocked);
        if (_pace.MayWrite())
        {
            AccessLog.LockedOut(log, isAll ? "everybody" : who, address, left);
        }

        if (failure.IsFirstLock)
        {
            alert(new AccessAlert("login-locked", $"{(isAll ? "everybody" : who)} at {address} is locked out after too many failed logins", "find out who tries; edge-gateway user passwd sets a password anew"));
        }
    }

    private Task WaitAsync(TimeSpan delay, CancellationToken cancellation) => delay == TimeSpan.Zero ? Task.CompletedTask : Task.Delay(delay, time, cancellation);

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}

/// <summary>Something about who gets in that needs a person.</summary>
/// <param name="Kind">Stable name for programs.</param>
/// <param name="Text">What happened.</param>
/// <param name="Remedy">What to do.</param>
public sealed record AccessAlert(string Kind, string Text, string Remedy);
