using Gateway.Configuration;

namespace Gateway.Core;

/// <summary>A secret that a device needs, as far as it can be judged before it is used.</summary>
/// <param name="What">For people (<c>the key</c>).</param>
/// <param name="Secret">Where it is kept.</param>
/// <param name="WhyNot">What is wrong with such a text, without repeating it; null: nothing.</param>
public sealed record DeviceSecret(string What, Secret Secret, Func<string, string?> WhyNot);
