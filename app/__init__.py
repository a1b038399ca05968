"""Mailtide: pictures and links resolved when a message is opened, and caps that explain themselves.

    web        HTTP in, HTTP out; Flask lives here, and beside it the thin edge of /o /i /c
    workers    processes that run beside the web: the recorder
    cli        the `mailtide` command
    demo       a small shop to try everything in: its files, and what a visitor may do with them
    wiring     Settings -> real stores; built nowhere else
    flows      one use case a module, named by what happens
    stores     hot (Redis) and cold (SQL)
    domain     plain functions over plain data: no I/O, no clock, no chance

Imports point one way: cli -> web | workers -> demo -> wiring -> flows -> stores -> domain;
flows -> renderers.
Start with `app/flows/opens.py`: it is the whole open on one screen.
"""
