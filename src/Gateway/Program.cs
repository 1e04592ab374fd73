Console.Error.WriteLine("edge-gateway: not wired yet");
return 1;
