using Gateway.Adapters.Dbus;

namespace Gateway.Tests.Adapters.Dbus;

public class DbusSignatureTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("ybnqiuxtdsogh", true)]
    [InlineData("a{sv}as", true)]
    [InlineData("a(yyay)", true)]
    [InlineData("a{oa{sa{sv}}}", true)]
    [InlineData("a", false)]
    [InlineData("()", false)]
    [InlineData("(", false)]
    [InlineData("(i", false)]
    [InlineData("i)", false)]
    [InlineData("{sv}", false)]
    [InlineData("a{vs}", false)]
    [InlineData("a{s}", false)]
    [InlineData("a{svv}", false)]
    [InlineData("a{s", false)]
    [InlineData("z", false)]
    public void IsValid_Signature_IsAsTheSpecificationSays(string signature, bool expected) => Assert.Equal(expected, DbusSignature.IsValid(signature));

    [Fact]
    public void IsValid_Nesting_EndsAt32ArraysAnd32Structs()
    {
        static string Arrays(int n) => new string('a', n) + "y";
        static string Structs(int n) => new string('(', n) + "y" + new string(')', n);

        Assert.True(DbusSignature.IsValid(Arrays(32)));
        Assert.False(DbusSignature.IsValid(Arrays(33)));
        Assert.True(DbusSignature.IsValid(Structs(32)));
        Assert.False(DbusSignature.IsValid(Structs(33)));
        Assert.True(DbusSignature.IsValid(new string('a', 32) + Structs(32)));
        Assert.False(DbusSignature.IsValid(new string('y', 256)));
    }

    [Theory]
    [InlineData("a{sv}as", 5)]
    [InlineData("aaay", 4)]
    [InlineData("(i(ss))u", 7)]
    [InlineData("su", 1)]
    public void First_CompleteType_IsMeasured(string signature, int length) => Assert.Equal(length, DbusSignature.First(signature));
}
