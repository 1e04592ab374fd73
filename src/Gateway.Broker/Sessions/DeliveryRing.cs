namespace Gateway.Broker;

/// <summary>A queue of deliveries that wait, in order. Its bound, in bytes, is kept by <see cref="OutboundQueue"/>. Not thread-safe.</summary>
internal sealed class DeliveryRing
{
    private const int SmallestCapacity = 16;

    private Delivery[] _slots = [];
    private int _head;

    public int Count { get; private set; }

    public ref readonly Delivery Head => ref _slots[_head];

    public void Add(in Delivery delivery)
    {
        if (Count == _slots.Length)
        {
            Resize(Math.Max(SmallestCapacity, Count * 2));
        }

        _slots[(_head + Count) & (_slots.Length - 1)] = delivery;
        Count++;
    }

    public Delivery Take()
    {
        var delivery = _slots[_head];
        _slots[_head] = default;
        _head = (_head + 1) & (_slots.Length - 1);
        Count--;
        if (Count == 0 && _slots.Length > SmallestCapacity * 64)
        {
            // A burst is over: give its memory back.
            _slots = [];
            _head = 0;
        }

        return delivery;
    }

    /// <summary>Takes out all that <paramref name="unwanted"/> names, releases it, and keeps the order of the rest.</summary>
    /// <returns>How many, and their cost.</returns>
    public (int Count, long Cost) RemoveWhere(Predicate<Delivery> unwanted)
    {
        var removed = 0;
        var cost = 0L;
        for (var left = Count; left > 0; left--)
        {
            var delivery = Take();
            if (unwanted(delivery))
            {
                removed++;
                cost += delivery.Cost;
                delivery.Shared.Release();
            }
            else
            {
                Add(delivery);
            }
        }

        return (removed, cost);
    }

    private void Resize(int capacity)
    {
        var slots = new Delivery[capacity];
        for (var i = 0; i < Count; i++)
        {
            slots[i] = _slots[(_head + i) & (_slots.Length - 1)];
        }

        _slots = slots;
        _head = 0;
    }
}
