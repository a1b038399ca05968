"""Mailtide: pictures and links resolved when a message is opened, and caps that explain themselves.

    web        HTTP in, HTTP out; Flask lives here, and beside it the thin edge of /o /i /c
    workers    processes that run beside the web: the recorder
    cli        the `mailtide` command
    wiring     Settings -> real stores; built nowhere else
    flows      one use case a module, named by what happens
    stores     hot (Redis) and cold (SQL)
    domain     plain functions over plain data: no I/O, no clock, no chance

Imports point one way: web | workers | cli -> wiring -> flows -> stores -> domain, and flows -> renderers.
Start with `app/flows/opens.py`: it is the whole open on one screen.
"""
